#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// The weights of distillation on a task.
struct TaskDistillationWeights {
  double soft = 0.5;    ///< of imitating the teacher's logits
  double hard = 0.5;    ///< of the labels
  double cosine = 0.0;  ///< of the last hidden states' direction
  double temperature = 2;
};

/// The labels of a batch: classes, or scores [rows, 1] for regression.
template <class T>
using TaskLabels = std::variant<std::vector<std::int32_t>, Matrix<T>>;

/// What distillation on a task compares. Rows are texts, tokens are packed.
template <class T>
struct TaskDistillationInputs {
  Variable<T> student_logits;       ///< [rows, classes]
  Variable<T> student_hidden;       ///< last layer's [tokens, hidden]
  const Matrix<T>& teacher_logits;  ///< [rows, classes]
  const Matrix<T>& teacher_hidden;  ///< last layer's [tokens, hidden]
  TaskLabels<T> labels;
};

/// The loss of a task without a teacher: softmax_cross_entropy for classes,
/// mean_squared_error for scores.
template <class T>
Variable<T> task_loss(const Variable<T>& logits, const TaskLabels<T>& labels);

/// soft weight · distillation_loss + hard weight · task_loss
///   + cosine weight · cosine_loss, a [1, 1] variable. A loss of weight 0 is
/// not computed. For regression, where a softmax over one logit would always be
/// 1, the soft loss is the mean squared difference of the two models' scores.
template <class T>
Variable<T> task_distillation_loss(const TaskDistillationInputs<T>& inputs,
                                   const TaskDistillationWeights& weights);

}  // namespace distilbert
