#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "common/threads.hpp"

namespace distilbert {

// Sums along a row. The pragma allows the compiler to add in several lanes at
// once, which changes the rounding but not from run to run; it holds for the
// loop below it alone, unlike a global -ffast-math.

/// sum of x[j]
template <class T>
T row_sum(std::span<const T> x) {
  T sum{0};
#pragma omp simd reduction(+ : sum)
  for (std::size_t j = 0; j < x.size(); ++j) {
    sum += x[j];
  }
  return sum;
}

/// sum of x[j] · y[j]
template <class T>
T row_dot(std::span<const T> x, std::span<const T> y) {
  T sum{0};
#pragma omp simd reduction(+ : sum)
  for (std::size_t j = 0; j < x.size(); ++j) {
    sum += x[j] * y[j];
  }
  return sum;
}

/// The largest x[j]; x is not empty.
template <class T>
T row_max(std::span<const T> x) {
  T largest = x[0];
#pragma omp simd reduction(max : largest)
  for (std::size_t j = 0; j < x.size(); ++j) {
    largest = largest > x[j] ? largest : x[j];
  }
  return largest;
}

/// Calls work(begin, end) for ranges of the rows of a [rows, columns] matrix,
/// on several threads where there is enough to do.
template <class Work>
void parallel_rows(std::size_t rows, std::size_t columns, const Work& work) {
  constexpr std::size_t kLeastElements = 16384;
  parallel_for(rows, kLeastElements / std::max<std::size_t>(columns, 1) + 1,
               work);
}

}  // namespace distilbert
