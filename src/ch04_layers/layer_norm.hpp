#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// What layer_norm computes, and what its backward pass reads.
template <class T>
struct LayerNormResult {
  Matrix<T> y;                   ///< [tokens, hidden]
  Matrix<T> normalized;          ///< x̂ [tokens, hidden]
  Matrix<T> inverse_deviations;  ///< 1 / √(variance + eps) [1, tokens]
};

/// Layer normalisation (Ba et al. 2016) of each row of x [tokens, hidden]:
///   x̂ = (x - mean) / √(variance + eps),   y = gain ⊙ x̂ + bias
/// with the biased variance of the row. gain and bias are [1, hidden]. With the
/// eps of BERT, 1e-12, a formula that subtracts squares would lose all digits
/// on a nearly constant row: the mean is taken first, then the squares of what
/// is left.
template <class T>
LayerNormResult<T> layer_norm(const Matrix<T>& x,
                              const Matrix<T>& gain,
                              const Matrix<T>& bias,
                              double eps);

/// The gradients of a loss by the inputs of layer_norm.
template <class T>
struct LayerNormGradients {
  Matrix<T> x;     ///< [tokens, hidden]
  Matrix<T> gain;  ///< dgain = Σ over tokens of dy ⊙ x̂  [1, hidden]
  Matrix<T> bias;  ///< dbias = Σ over tokens of dy       [1, hidden]
};

/// With g = dy ⊙ gain, each row has
///   dx = (g - mean(g) - x̂ · mean(g ⊙ x̂)) / √(variance + eps).
/// Reads of `result` all but y.
template <class T>
LayerNormGradients<T> layer_norm_backward(const Matrix<T>& dy,
                                          const LayerNormResult<T>& result,
                                          const Matrix<T>& gain);

/// The same, recorded.
template <class T>
Variable<T> layer_norm(const Variable<T>& x,
                       const Variable<T>& gain,
                       const Variable<T>& bias,
                       double eps);

}  // namespace distilbert
