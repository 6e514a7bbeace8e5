#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// The cosine loss and its gradient.
template <class T>
struct CosineLoss {
  T loss = 0;
  Matrix<T> gradient;  ///< of the loss by the student's states [rows, hidden]
};

/// How far the student's hidden states point away from the teacher's:
///   loss = mean over rows of 1 - cos,   cos = s · t / (‖s‖ ‖t‖)
///   ds = -(t / (‖s‖ ‖t‖) - cos · s / ‖s‖²) / rows
/// with 1e-12 added to each squared norm, as in the reference, so that a row of
/// zeros gives exactly 1. Both are [rows, hidden]: of every real token of the
/// batch, [CLS] and [SEP] included, in the triple loss.
template <class T>
CosineLoss<T> cosine_loss(const Matrix<T>& student, const Matrix<T>& teacher);

/// The same, recorded as a [1, 1] variable; the teacher is a constant.
template <class T>
Variable<T> cosine_loss(const Variable<T>& student, const Matrix<T>& teacher);

}  // namespace distilbert
