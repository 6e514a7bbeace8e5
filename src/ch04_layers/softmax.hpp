#pragma once

#include <span>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// Turns one row of scores into probabilities, in place:
///   p[j] = exp(s[j] - max s) / Σ exp(s[k] - max s)
/// Subtracting the largest score changes nothing but keeps exp from
/// overflowing. A row where every score is -infinity has no meaning and gives
/// NaN.
template <class T>
void softmax_row(std::span<T> scores);

/// softmax_row of each row of `scores` [m, n].
template <class T>
Matrix<T> softmax(const Matrix<T>& scores);

/// ds[j] = p[j] · (dp[j] - Σ dp[k] · p[k]) for each row, from the
/// probabilities p that softmax returned.
template <class T>
Matrix<T> softmax_backward(const Matrix<T>& dp, const Matrix<T>& p);

/// The same, recorded.
template <class T>
Variable<T> softmax(const Variable<T>& scores);

}  // namespace distilbert
