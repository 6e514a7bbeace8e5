#include "ch04_layers/column_sums.hpp"

#include <algorithm>

#include "common/threads.hpp"

namespace distilbert {

template <class T>
Matrix<T> column_sums(const Matrix<T>& x) {
  constexpr std::size_t kLeastElements = 16384;
  Matrix<T> sums = zeros<T>(1, columns(x));
  parallel_for(columns(x),
               kLeastElements / std::max<std::size_t>(rows(x), 1) + 16,
               [&](std::size_t begin, std::size_t end) {
                 for (std::size_t i = 0; i < rows(x); ++i) {
                   const T* const x_row = row(x, i).data();
                   T* const sum = sums.data();
#pragma omp simd
                   for (std::size_t j = begin; j < end; ++j) {
                     sum[j] += x_row[j];
                   }
                 }
               });
  return sums;
}

template Matrix<float> column_sums(const Matrix<float>&);
template Matrix<double> column_sums(const Matrix<double>&);

}  // namespace distilbert
