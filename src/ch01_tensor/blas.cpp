#include "ch01_tensor/blas.hpp"

#include <algorithm>
#include <mutex>
#include <xtensor-blas/xblas.hpp>  // IWYU pragma: keep

#include "ch01_tensor/blas_kernel.hpp"
#include "common/threads.hpp"

namespace distilbert {
namespace {

// Below this many multiplications a part isn't worth a thread.
constexpr std::size_t kLeastMultiplications = std::size_t{1} << 20U;

template <class T>
std::size_t op_rows(Transpose transpose, const Block<T>& block) {
  return transpose == Transpose::kNo ? block.rows : block.columns;
}

template <class T>
std::size_t op_columns(Transpose transpose, const Block<T>& block) {
  return transpose == Transpose::kNo ? block.columns : block.rows;
}

// The rectangle of `block` that holds rows [begin, end) of op(block).
template <class T>
Block<T> op_row_range(Transpose transpose,
                      Block<T> block,
                      std::size_t begin,
                      std::size_t end) {
  if (transpose == Transpose::kNo) {
    return {block.data + begin * block.stride, end - begin, block.columns,
            block.stride};
  }
  return {block.data + begin, block.rows, end - begin, block.stride};
}

template <class T>
Block<T> column_range(Block<T> block, std::size_t begin, std::size_t end) {
  return op_row_range(Transpose::kYes, block, begin, end);
}

Transpose opposite(Transpose transpose) {
  return transpose == Transpose::kNo ? Transpose::kYes : Transpose::kNo;
}

template <class T>
Block<const T> whole(const Matrix<T>& matrix) {
  return {matrix.data(), rows(matrix), columns(matrix), columns(matrix)};
}

}  // namespace

template <class T>
void gemm(Transpose transpose_a,
          Transpose transpose_b,
          Block<const T> a,
          Block<const T> b,
          T beta,
          Block<T> c) {
  require(op_columns(transpose_a, a) == op_rows(transpose_b, b) &&
              op_rows(transpose_a, a) == c.rows &&
              op_columns(transpose_b, b) == c.columns,
          "gemm: op([{}, {}]) x op([{}, {}]) into [{}, {}]", a.rows, a.columns,
          b.rows, b.columns, c.rows, c.columns);
  if (c.rows == 0 || c.columns == 0) {
    return;
  }
  static std::once_flag once;
  std::call_once(once, use_calling_thread_for_blas);
  const auto flag = [](Transpose transpose) {
    return transpose == Transpose::kNo ? cxxblas::NoTrans : cxxblas::Trans;
  };
  using Index = int;
  cxxblas::gemm(cxxblas::RowMajor, flag(transpose_a), flag(transpose_b),
                static_cast<Index>(c.rows), static_cast<Index>(c.columns),
                static_cast<Index>(op_columns(transpose_a, a)), T{1}, a.data,
                static_cast<Index>(a.stride), b.data,
                static_cast<Index>(b.stride), beta, c.data,
                static_cast<Index>(c.stride));
}

template <class T>
void gemm(Transpose transpose_a,
          Transpose transpose_b,
          const Matrix<T>& a,
          const Matrix<T>& b,
          T beta,
          Matrix<T>& c) {
  const Block<const T> a_block = whole(a);
  const Block<const T> b_block = whole(b);
  const Block<T> c_block{c.data(), rows(c), columns(c), columns(c)};
  const std::size_t inner = op_columns(transpose_a, a_block);
  // Each thread computes a range of the longer side of c.
  const bool by_rows = c_block.rows >= c_block.columns;
  const std::size_t longer = by_rows ? c_block.rows : c_block.columns;
  const std::size_t shorter = by_rows ? c_block.columns : c_block.rows;
  const std::size_t least =
      kLeastMultiplications / std::max<std::size_t>(inner * shorter, 1) + 1;
  parallel_for(longer, least, [&](std::size_t begin, std::size_t end) {
    if (by_rows) {
      gemm<T>(transpose_a, transpose_b,
              op_row_range(transpose_a, a_block, begin, end), b_block, beta,
              op_row_range(Transpose::kNo, c_block, begin, end));
    } else {
      gemm<T>(transpose_a, transpose_b, a_block,
              op_row_range(opposite(transpose_b), b_block, begin, end), beta,
              column_range(c_block, begin, end));
    }
  });
}

template <class T>
Matrix<T> multiply(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> c = make_matrix<T>(rows(a), columns(b));
  gemm<T>(Transpose::kNo, Transpose::kNo, a, b, T{0}, c);
  return c;
}

template <class T>
Matrix<T> transposed_multiply(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> c = make_matrix<T>(columns(a), columns(b));
  gemm<T>(Transpose::kYes, Transpose::kNo, a, b, T{0}, c);
  return c;
}

#define INSTANTIATE(T)                                                         \
  template void gemm(Transpose, Transpose, const Matrix<T>&, const Matrix<T>&, \
                     T, Matrix<T>&);                                           \
  template void gemm(Transpose, Transpose, Block<const T>, Block<const T>, T,  \
                     Block<T>);                                                \
  template Matrix<T> multiply(const Matrix<T>&, const Matrix<T>&);             \
  template Matrix<T> transposed_multiply(const Matrix<T>&, const Matrix<T>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
