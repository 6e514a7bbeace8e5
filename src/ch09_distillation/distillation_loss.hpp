#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// The soft loss and its gradient.
template <class T>
struct DistillationLoss {
  T loss = 0;
  Matrix<T> gradient;  ///< of the loss by the student's logits [rows, classes]
};

/// The soft loss (Hinton et al. 2015): how far the student's distribution p is
/// from the teacher's q, both softened by the temperature τ,
///   loss = τ² / rows · Σ over rows and classes of q · (log q - log p)
///   p = softmax(student / τ), q = softmax(teacher / τ)
///   dstudent = τ / rows · (p - q)
/// Both logits are [rows, classes]. The factor τ² keeps the gradient's size
/// from falling with 1/τ². NaN for no rows, as in the reference.
template <class T>
DistillationLoss<T> distillation_loss(const Matrix<T>& student_logits,
                                      const Matrix<T>& teacher_logits,
                                      T temperature);

/// The same, recorded as a [1, 1] variable; the teacher is a constant.
template <class T>
Variable<T> distillation_loss(const Variable<T>& student_logits,
                              const Matrix<T>& teacher_logits,
                              T temperature);

}  // namespace distilbert
