#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// c = a · bᵀ, the product of a layer: activations [tokens, in] times weights
/// stored as [out, in] give [tokens, out]. Throws std::logic_error where the
/// inner dimensions differ.
template <class T>
Matrix<T> multiply_transposed(const Matrix<T>& a, const Matrix<T>& b);

extern template Matrix<float> multiply_transposed(const Matrix<float>&,
                                                  const Matrix<float>&);
extern template Matrix<double> multiply_transposed(const Matrix<double>&,
                                                   const Matrix<double>&);

}  // namespace distilbert
