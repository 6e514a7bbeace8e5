#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>

#include "operation_checks.hpp"

namespace distilbert::testing {

struct Shape {
  std::size_t tokens;
  std::size_t in;
  std::size_t out;
};

/// What a linear layer of any kind is made of.
struct Operands {
  Matrix<float> x;
  Matrix<float> weight;
  Matrix<float> bias;
};

inline Operands random_operands(const Shape& shape) {
  return {random_matrix<float>(shape.tokens, shape.in, 1),
          random_matrix<float>(shape.out, shape.in, 2),
          random_matrix<float>(1, shape.out, 3)};
}

using Product = std::function<Matrix<float>(const Operands&)>;

/// Every row of a product has the bits that it has alone.
inline void require_rows_as_alone(const Operands& of, const Product& product) {
  const Matrix<float> together = product(of);
  for (std::size_t i = 0; i < rows(of.x); ++i) {
    Operands one = of;
    one.x = make_matrix<float>(1, columns(of.x));
    std::ranges::copy(row(of.x, i), row(one.x, 0).begin());
    REQUIRE(std::ranges::equal(row(product(one), 0), row(together, i)));
  }
}

/// A product has the same bits on any number of threads.
inline void require_same_on_all_threads(const Operands& of,
                                        const Product& product) {
  const auto with = [&](std::size_t threads) {
    const Threads set(threads);
    return product(of);
  };
  const Matrix<float> expected = with(1);
  for (const std::size_t threads : {2, 3, 8}) {
    REQUIRE(same_bits(with(threads), expected));
  }
}

}  // namespace distilbert::testing
