#include "ch09_distillation/task_distillation_loss.hpp"

#include "ch03_autograd/weighted_sum.hpp"
#include "ch04_layers/mean_squared_error.hpp"
#include "ch04_layers/softmax_cross_entropy.hpp"
#include "ch09_distillation/cosine_loss.hpp"
#include "ch09_distillation/distillation_loss.hpp"

namespace distilbert {

template <class T>
Variable<T> task_loss(const Variable<T>& logits, const TaskLabels<T>& labels) {
  if (const auto* scores = std::get_if<Matrix<T>>(&labels)) {
    return mean_squared_error(logits, *scores);
  }
  return softmax_cross_entropy(logits,
                               std::get<std::vector<std::int32_t>>(labels));
}

template <class T>
Variable<T> task_distillation_loss(const TaskDistillationInputs<T>& inputs,
                                   const TaskDistillationWeights& weights) {
  std::vector<WeightedTerm<T>> terms;
  const auto add_term = [&](double weight, const auto& loss) {
    if (weight != 0) {
      terms.push_back({static_cast<T>(weight), loss()});
    }
  };
  add_term(weights.soft, [&] {
    return std::holds_alternative<Matrix<T>>(inputs.labels)
               ? mean_squared_error(inputs.student_logits,
                                    inputs.teacher_logits)
               : distillation_loss(inputs.student_logits, inputs.teacher_logits,
                                   static_cast<T>(weights.temperature));
  });
  add_term(weights.hard,
           [&] { return task_loss(inputs.student_logits, inputs.labels); });
  add_term(weights.cosine, [&] {
    return cosine_loss(inputs.student_hidden, inputs.teacher_hidden);
  });
  return weighted_sum(terms);
}

#define INSTANTIATE(T)                                                      \
  template Variable<T> task_loss(const Variable<T>&, const TaskLabels<T>&); \
  template Variable<T> task_distillation_loss(                              \
      const TaskDistillationInputs<T>&, const TaskDistillationWeights&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
