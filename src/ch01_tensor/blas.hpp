#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

enum class Transpose : bool { kNo, kYes };

/// A rectangle inside a matrix, or inside any memory laid out in rows: element
/// (i, j) is data[i * stride + j]. It owns nothing.
template <class T>
struct Block {
  T* data;
  std::size_t rows;
  std::size_t columns;
  std::size_t stride;
};

/// c = op(a) · op(b) + beta · c, where op transposes or doesn't. With beta = 0
/// the old values of c are not read. Large products are shared out over the
/// threads of parallel_for; BLAS itself runs on one thread per part. Throws
/// std::logic_error where the shapes don't fit.
template <class T>
void gemm(Transpose transpose_a,
          Transpose transpose_b,
          const Matrix<T>& a,
          const Matrix<T>& b,
          T beta,
          Matrix<T>& c);

/// The same for blocks, on the calling thread.
template <class T>
void gemm(Transpose transpose_a,
          Transpose transpose_b,
          Block<const T> a,
          Block<const T> b,
          T beta,
          Block<T> c);

/// a · b, for a [m, n] and b [n, p].
template <class T>
Matrix<T> multiply(const Matrix<T>& a, const Matrix<T>& b);

/// aᵀ · b, for a [n, m] and b [n, p]: the gradient of a weight.
template <class T>
Matrix<T> transposed_multiply(const Matrix<T>& a, const Matrix<T>& b);

}  // namespace distilbert
