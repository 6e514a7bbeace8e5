#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// The product c = a · b computed block by block, so that what is read again is
/// still in the cache, with the innermost loop along a row of b and of c. The
/// teaching twin of what BLAS does; equal to multiply_naive but for rounding.
/// a is [m, n], b is [n, p], the result [m, p]. Throws std::logic_error where
/// the inner dimensions differ.
template <class T>
Matrix<T> multiply_blocked(const Matrix<T>& a, const Matrix<T>& b);

extern template Matrix<float> multiply_blocked(const Matrix<float>&,
                                               const Matrix<float>&);
extern template Matrix<double> multiply_blocked(const Matrix<double>&,
                                                const Matrix<double>&);

}  // namespace distilbert
