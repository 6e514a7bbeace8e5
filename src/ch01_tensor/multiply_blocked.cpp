#include "ch01_tensor/multiply_blocked.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace distilbert {
namespace {

// A block of b: 64 rows of 256 floats are 64 KiB, which a second-level cache
// holds while all rows of a pass by.
constexpr std::size_t kInnerBlock = 64;
constexpr std::size_t kColumnBlock = 256;

// sum += the product of a row of `factors` and the block of b whose first
// element is (k0, j0).
template <class T>
void add_block(std::span<const T> factors,
               const Matrix<T>& b,
               std::size_t k0,
               std::size_t j0,
               std::span<T> sum) {
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const T factor = factors[k];
    const auto b_row = row(b, k0 + k).subspan(j0, sum.size());
    for (std::size_t j = 0; j < sum.size(); ++j) {
      sum[j] += factor * b_row[j];
    }
  }
}

}  // namespace

// --8<-- [start:multiply_blocked]
template <class T>
Matrix<T> multiply_blocked(const Matrix<T>& a, const Matrix<T>& b) {
  require(columns(a) == rows(b), "product of [{}, {}] and [{}, {}]", rows(a),
          columns(a), rows(b), columns(b));
  Matrix<T> c = zeros<T>(rows(a), columns(b));
  for (std::size_t j0 = 0; j0 < columns(b); j0 += kColumnBlock) {
    const std::size_t width = std::min(kColumnBlock, columns(b) - j0);
    for (std::size_t k0 = 0; k0 < columns(a); k0 += kInnerBlock) {
      const std::size_t k1 = std::min(k0 + kInnerBlock, columns(a));
      for (std::size_t i = 0; i < rows(a); ++i) {
        add_block<T>(row(a, i).subspan(k0, k1 - k0), b, k0, j0,
                     row(c, i).subspan(j0, width));
      }
    }
  }
  return c;
}

// --8<-- [end:multiply_blocked]

template Matrix<float> multiply_blocked(const Matrix<float>&,
                                        const Matrix<float>&);
template Matrix<double> multiply_blocked(const Matrix<double>&,
                                         const Matrix<double>&);

}  // namespace distilbert
