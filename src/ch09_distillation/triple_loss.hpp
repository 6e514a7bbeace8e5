#pragma once

#include <cstdint>
#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// The weights of the three losses that made DistilBERT (Sanh et al. 2019,
/// section 3; the values of the reference's command), and the temperature.
struct TripleLossWeights {
  double soft = 5;    ///< of distillation_loss
  double hard = 2;    ///< of masked language modelling
  double cosine = 1;  ///< of cosine_loss
  double temperature = 2;
};

/// What the triple loss of pre-training compares, for the tokens of a packed
/// batch. All of them are real: nothing has to be masked out.
template <class T>
struct TripleLossInputs {
  Variable<T> student_logits;        ///< [tokens, vocab]
  Variable<T> student_hidden;        ///< last layer's [tokens, hidden]
  const Matrix<T>& teacher_logits;   ///< [tokens, vocab]
  const Matrix<T>& teacher_hidden;   ///< last layer's [tokens, hidden]
  std::vector<std::int32_t> labels;  ///< the hidden words, else kIgnoredLabel
};

/// The three losses, [1, 1] each, and their weighted sum.
template <class T>
struct TripleLoss {
  Variable<T> soft;
  Variable<T> hard;
  Variable<T> cosine;
  Variable<T> total;
};

/// total = soft weight · distillation_loss of all tokens
///       + hard weight · softmax_cross_entropy of the hidden words
///       + cosine weight · cosine_loss of all tokens
template <class T>
TripleLoss<T> triple_loss(const TripleLossInputs<T>& inputs,
                          const TripleLossWeights& weights);

}  // namespace distilbert
