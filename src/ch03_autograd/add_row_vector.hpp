#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// y = x + v, the row vector v [1, n] added to every row of x [m, n]: how a
/// bias is added.
template <class T>
Matrix<T> add_row_vector(const Matrix<T>& x, const Matrix<T>& v);

/// The gradient of v: dv[j] = sum over i of dy[i, j]. That of x is dy itself.
template <class T>
Matrix<T> add_row_vector_backward(const Matrix<T>& dy);

/// The same, recorded.
template <class T>
Variable<T> add_row_vector(const Variable<T>& x, const Variable<T>& v);

}  // namespace distilbert
