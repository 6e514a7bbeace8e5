#include "ch01_tensor/multiply_naive.hpp"

namespace distilbert {

// --8<-- [start:multiply_naive]
template <class T>
Matrix<T> multiply_naive(const Matrix<T>& a, const Matrix<T>& b) {
  require(columns(a) == rows(b), "product of [{}, {}] and [{}, {}]", rows(a),
          columns(a), rows(b), columns(b));
  Matrix<T> c = zeros<T>(rows(a), columns(b));
  // --8<-- [start:three_loops]
  for (std::size_t i = 0; i < rows(a); ++i) {
    for (std::size_t j = 0; j < columns(b); ++j) {
      for (std::size_t k = 0; k < columns(a); ++k) {
        c(i, j) += a(i, k) * b(k, j);
      }
    }
  }
  // --8<-- [end:three_loops]
  return c;
}

// --8<-- [end:multiply_naive]

template Matrix<float> multiply_naive(const Matrix<float>&,
                                      const Matrix<float>&);
template Matrix<double> multiply_naive(const Matrix<double>&,
                                       const Matrix<double>&);

}  // namespace distilbert
