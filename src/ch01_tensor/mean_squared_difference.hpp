#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// The mean of (a[i, j] - b[i, j])² over all elements of two matrices of one
/// shape. Throws std::logic_error where the shapes differ: comparing [n, 1]
/// with [1, n] by broadcasting is a bug that once cost a regression task 60
/// points (transformers issue 11780).
template <class T>
T mean_squared_difference(const Matrix<T>& a, const Matrix<T>& b);

extern template float mean_squared_difference(const Matrix<float>&,
                                              const Matrix<float>&);
extern template double mean_squared_difference(const Matrix<double>&,
                                               const Matrix<double>&);

}  // namespace distilbert
