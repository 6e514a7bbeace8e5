#include "ch09_distillation/triple_loss.hpp"

#include "ch03_autograd/weighted_sum.hpp"
#include "ch04_layers/softmax_cross_entropy.hpp"
#include "ch09_distillation/cosine_loss.hpp"
#include "ch09_distillation/distillation_loss.hpp"

namespace distilbert {

// --8<-- [start:triple_loss]
template <class T>
TripleLoss<T> triple_loss(const TripleLossInputs<T>& inputs,
                          const TripleLossWeights& weights) {
  const Variable<T> soft =
      distillation_loss(inputs.student_logits, inputs.teacher_logits,
                        static_cast<T>(weights.temperature));
  const Variable<T> hard =
      softmax_cross_entropy(inputs.student_logits, inputs.labels);
  const Variable<T> cosine =
      cosine_loss(inputs.student_hidden, inputs.teacher_hidden);
  return {soft, hard, cosine,
          weighted_sum<T>({{static_cast<T>(weights.soft), soft},
                           {static_cast<T>(weights.hard), hard},
                           {static_cast<T>(weights.cosine), cosine}})};
}

// --8<-- [end:triple_loss]

template TripleLoss<float> triple_loss(const TripleLossInputs<float>&,
                                       const TripleLossWeights&);
template TripleLoss<double> triple_loss(const TripleLossInputs<double>&,
                                        const TripleLossWeights&);

}  // namespace distilbert
