#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// z = x + y, element by element; x, y and z have one shape.
template <class T>
Matrix<T> add(const Matrix<T>& x, const Matrix<T>& y);

/// The same, recorded: dx = dz, dy = dz.
template <class T>
Variable<T> add(const Variable<T>& x, const Variable<T>& y);

}  // namespace distilbert
