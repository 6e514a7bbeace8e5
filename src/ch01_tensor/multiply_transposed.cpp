#include "ch01_tensor/multiply_transposed.hpp"

#include "ch01_tensor/blas.hpp"

namespace distilbert {

// --8<-- [start:multiply_transposed]
template <class T>
Matrix<T> multiply_transposed(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> c = make_matrix<T>(rows(a), rows(b));
  gemm<T>(Transpose::kNo, Transpose::kYes, a, b, T{0}, c);
  return c;
}

// --8<-- [end:multiply_transposed]

template Matrix<float> multiply_transposed(const Matrix<float>&,
                                           const Matrix<float>&);
template Matrix<double> multiply_transposed(const Matrix<double>&,
                                            const Matrix<double>&);

}  // namespace distilbert
