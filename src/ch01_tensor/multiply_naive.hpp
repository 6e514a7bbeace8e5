#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// The matrix product c = a · b by its definition, three nested loops:
///   c[i, j] = sum over k of a[i, k] · b[k, j]
/// a is [m, n], b is [n, p], the result [m, p]. Throws std::logic_error where
/// the inner dimensions differ.
template <class T>
Matrix<T> multiply_naive(const Matrix<T>& a, const Matrix<T>& b);

extern template Matrix<float> multiply_naive(const Matrix<float>&,
                                             const Matrix<float>&);
extern template Matrix<double> multiply_naive(const Matrix<double>&,
                                              const Matrix<double>&);

}  // namespace distilbert
