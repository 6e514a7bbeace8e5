#pragma once

#include <cstdint>

#include "ch01_tensor/tensor.hpp"
#include "common/random.hpp"

namespace distilbert::testing {

/// A matrix of draws from the standard normal distribution; the same for the
/// same seed on every machine.
template <class T>
Matrix<T> random_matrix(std::size_t rows,
                        std::size_t columns,
                        std::uint64_t seed) {
  const RandomSource source(seed, RandomPurpose::kInitialisation, 0, 0);
  Matrix<T> matrix = make_matrix<T>(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      matrix(i, j) = static_cast<T>(source.normal(
          static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)));
    }
  }
  return matrix;
}

}  // namespace distilbert::testing
