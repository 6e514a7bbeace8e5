#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// z = scale · x · yᵀ for x [m, n] and y [p, n], recorded:
///   dx = scale · dz · y,   dy = scale · dzᵀ · x
template <class T>
Variable<T> scaled_product_transposed(const Variable<T>& x,
                                      const Variable<T>& y,
                                      T scale);

/// z = x · y for x [m, n] and y [n, p], recorded:
///   dx = dz · yᵀ,   dy = xᵀ · dz
template <class T>
Variable<T> matrix_product(const Variable<T>& x, const Variable<T>& y);

}  // namespace distilbert
