#include "ch04_layers/layer_norm.hpp"

#include <algorithm>
#include <cmath>

#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

template <class T>
Matrix<T> ones(std::size_t n) {
  Matrix<T> matrix = make_matrix<T>(1, n);
  matrix.fill(T{1});
  return matrix;
}

template <class T>
Matrix<T> normalized(const Matrix<T>& x, double eps) {
  return layer_norm(x, ones<T>(columns(x)), zeros<T>(1, columns(x)), eps).y;
}

template <class T>
const double kRounding = std::is_same_v<T, float> ? 2e-6 : 1e-14;

}  // namespace

TEMPLATE_TEST_CASE("a normalised row has mean 0 and variance 1",
                   "[layer_norm]",
                   float,
                   double) {
  for (const std::size_t n : {2, 7, 64, 384}) {
    const auto y = normalized(random_matrix<TestType>(5, n, 1), 1e-12);
    for (std::size_t i = 0; i < 5; ++i) {
      double sum = 0;
      double squares = 0;
      for (const TestType value : row(y, i)) {
        sum += value;
        squares += static_cast<double>(value) * value;
      }
      const auto size = static_cast<double>(n);
      REQUIRE(std::abs(sum / size) < kRounding<TestType>);
      REQUIRE(std::abs(squares / size - 1) < 1e-6);
    }
  }
}

TEMPLATE_TEST_CASE("shift and scale of a row don't matter without eps",
                   "[layer_norm]",
                   float,
                   double) {
  using T = TestType;
  Matrix<T> x = random_matrix<T>(5, 32, 1);
  for (T& value : values(x)) {
    value = std::round(value * 64) / 64;
  }
  Matrix<T> moved = x;
  for (T& value : values(moved)) {
    value = 8 * value + 64;  // without rounding
  }
  const auto expected = as_double(normalized(x, 0));
  const auto found = normalized(moved, 0);
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(std::abs(values(found)[i] - values(expected)[i]) <
            8 * kRounding<T>);
  }
}

TEMPLATE_TEST_CASE("eps belongs inside the root",
                   "[layer_norm]",
                   float,
                   double) {
  using T = TestType;
  // Variance 1 and eps 3: 1 / √(1 + 3), where 1 / (√1 + 3) would be 1/4 and
  // 1 / (√1 + √3) 0.37.
  REQUIRE(same_bits(normalized(Matrix<T>{{1, -1, 1, -1}}, 3),
                    Matrix<T>{{0.5, -0.5, 0.5, -0.5}}));
}

TEMPLATE_TEST_CASE("the variance of a row is the biased one",
                   "[layer_norm]",
                   float,
                   double) {
  using T = TestType;
  REQUIRE(same_bits(normalized(Matrix<T>{{2, 4}}, 0), Matrix<T>{{-1, 1}}));
}

TEMPLATE_TEST_CASE("a constant row becomes the bias",
                   "[layer_norm]",
                   float,
                   double) {
  using T = TestType;
  const Matrix<T> bias{{1, 2, 3, 4}};
  const auto result =
      layer_norm(Matrix<T>{{5, 5, 5, 5}}, Matrix<T>{{7, 7, 7, 7}}, bias, 1e-12);
  REQUIRE(same_bits(result.y, bias));
}

TEMPLATE_TEST_CASE("a nearly constant row far from zero keeps its digits",
                   "[layer_norm]",
                   float,
                   double) {
  using T = TestType;
  // The mean of squares minus the square of the mean would be rounding here.
  const T step = std::is_same_v<T, float> ? T{0x1p-10} : T{0x1p-30};
  const Matrix<T> x{{1024 + step, 1024 - step, 1024 + step, 1024 - step}};
  const auto y = normalized(x, 0);
  for (std::size_t j = 0; j < 4; ++j) {
    REQUIRE(std::abs(y(0, j) - (j % 2 == 0 ? 1 : -1)) < kRounding<T>);
  }
}

TEMPLATE_TEST_CASE("the gradient of a row is orthogonal to 1 and to the row",
                   "[layer_norm]",
                   float,
                   double) {
  using T = TestType;
  const auto x = random_matrix<T>(5, 32, 1);
  const auto gain = random_matrix<T>(1, 32, 2);
  const auto result = layer_norm(x, gain, zeros<T>(1, 32), 0);
  const auto dx =
      layer_norm_backward(random_matrix<T>(5, 32, 3), result, gain).x;
  for (std::size_t i = 0; i < 5; ++i) {
    double with_one = 0;
    double with_row = 0;
    for (std::size_t j = 0; j < 32; ++j) {
      with_one += dx(i, j);
      with_row += static_cast<double>(dx(i, j)) * x(i, j);
    }
    REQUIRE(std::abs(with_one) < 20 * kRounding<T>);
    REQUIRE(std::abs(with_row) < 20 * kRounding<T>);
  }
}

TEMPLATE_TEST_CASE("layer_norm insists on fitting shapes",
                   "[layer_norm]",
                   float,
                   double) {
  using T = TestType;
  const auto x = zeros<T>(3, 4);
  const auto right = zeros<T>(1, 4);
  const auto wrong = zeros<T>(1, 3);
  REQUIRE_THROWS_AS(layer_norm(x, wrong, right, 0), std::logic_error);
  REQUIRE_THROWS_AS(layer_norm(x, right, wrong, 0), std::logic_error);
  const auto result = layer_norm(x, right, right, 1);
  REQUIRE_THROWS_AS(layer_norm_backward(zeros<T>(4, 3), result, right),
                    std::logic_error);
}
