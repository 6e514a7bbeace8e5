#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// y = x · Wᵀ + b.
/// x [tokens, in], weight W [out, in], bias b [1, out]; the result is
/// [tokens, out]. Throws std::logic_error where shapes don't fit.
template <class T>
Matrix<T> linear(const Matrix<T>& x,
                 const Matrix<T>& weight,
                 const Matrix<T>& bias);

/// The gradients of a loss by the inputs of linear.
template <class T>
struct LinearGradients {
  Matrix<T> x;       ///< dx = dy · W         [tokens, in]
  Matrix<T> weight;  ///< dW = dyᵀ · x        [out, in]
  Matrix<T> bias;    ///< db[j] = Σᵢ dy[i, j]  [1, out]
};

/// The gradients of linear, given that of its result, dy [tokens, out].
template <class T>
LinearGradients<T> linear_backward(const Matrix<T>& dy,
                                   const Matrix<T>& x,
                                   const Matrix<T>& weight);

/// The same, recorded.
template <class T>
Variable<T> linear(const Variable<T>& x,
                   const Variable<T>& weight,
                   const Variable<T>& bias);

}  // namespace distilbert
