#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// y = x · Φ(x), Φ(x) = ½ (1 + erf(x / √2)), element by element: the Gaussian
/// error linear unit (Hendrycks and Gimpel 2016), exact and not its tanh
/// approximation, which is up to 4.7e-4 off. x and the result have any shape.
template <class T>
Matrix<T> gelu(const Matrix<T>& x);

/// dx = dy · (Φ(x) + x φ(x)), φ(x) = exp(-x²/2) / √2π.
template <class T>
Matrix<T> gelu_backward(const Matrix<T>& dy, const Matrix<T>& x);

/// The same, recorded.
template <class T>
Variable<T> gelu(const Variable<T>& x);

}  // namespace distilbert
