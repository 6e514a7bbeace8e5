#include "ch04_layers/softmax.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ch04_layers/softmax_cross_entropy.hpp"
#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

template <class T>
double row_total(const Matrix<T>& matrix, std::size_t i) {
  double sum = 0;
  for (const T value : row(matrix, i)) {
    sum += value;
  }
  return sum;
}

template <class T>
const double kRounding = std::is_same_v<T, float> ? 1e-6 : 1e-14;

}  // namespace

TEMPLATE_TEST_CASE("probabilities are positive and sum to one",
                   "[softmax]",
                   float,
                   double) {
  for (const std::size_t n : {1, 2, 7, 16, 53, 513}) {
    const auto p = softmax(random_matrix<TestType>(6, n, 1));
    for (std::size_t i = 0; i < 6; ++i) {
      REQUIRE(std::abs(row_total(p, i) - 1) < 4 * kRounding<TestType>);
      REQUIRE(*std::ranges::min_element(row(p, i)) > 0);
    }
  }
}

TEMPLATE_TEST_CASE("a shift of all scores changes no probability",
                   "[softmax]",
                   float,
                   double) {
  using T = TestType;
  const auto scores = random_matrix<T>(6, 37, 1);
  // Multiples of 2^-4 up to 2^12 are added without rounding.
  Matrix<T> rounded = scores;
  for (T& score : values(rounded)) {
    score = std::round(score * 16) / 16;
  }
  for (const int shift : {1, -3, 1000, -4000}) {
    Matrix<T> shifted = rounded;
    for (T& score : values(shifted)) {
      score += static_cast<T>(shift);
    }
    REQUIRE(same_bits(softmax(shifted), softmax(rounded)));
  }
}

TEMPLATE_TEST_CASE("a row's softmax doesn't depend on the rows beside it",
                   "[softmax]",
                   float,
                   double) {
  using T = TestType;
  const auto scores = random_matrix<T>(1500, 37, 1);
  const auto p = softmax(scores);
  for (const std::size_t i : {0, 749, 750, 1499}) {
    Matrix<T> alone = make_matrix<T>(1, 37);
    std::ranges::copy(row(scores, i), values(alone).begin());
    alone = softmax(alone);
    REQUIRE(std::ranges::equal(row(alone, 0), row(p, i)));
  }
}

TEMPLATE_TEST_CASE("impossible scores have probability zero",
                   "[softmax]",
                   float,
                   double) {
  using T = TestType;
  const T infinity = std::numeric_limits<T>::infinity();
  const auto p = softmax(Matrix<T>{{0, -infinity, 0, -20000}});
  REQUIRE(same_bits(p, Matrix<T>{{0.5, 0, 0.5, 0}}));
  const auto undefined = softmax(Matrix<T>{{-infinity, -infinity}});
  REQUIRE(std::isnan(undefined(0, 0)));
}

TEMPLATE_TEST_CASE("the gradient of scores sums to zero along a row",
                   "[softmax]",
                   float,
                   double) {
  using T = TestType;
  const auto p = softmax(random_matrix<T>(6, 37, 1));
  const auto ds = softmax_backward(random_matrix<T>(6, 37, 2), p);
  for (std::size_t i = 0; i < 6; ++i) {
    REQUIRE(std::abs(row_total(ds, i)) < kRounding<T>);
  }
}

TEMPLATE_TEST_CASE("cross-entropy is the logarithm of softmax",
                   "[softmax_cross_entropy]",
                   float,
                   double) {
  using T = TestType;
  const auto logits = random_matrix<T>(4, 9, 1);
  const std::vector<std::int32_t> labels{8, 0, kIgnoredLabel, 4};
  const auto result = softmax_cross_entropy(logits, labels);
  const auto p = softmax(logits);
  const double expected = -(std::log(static_cast<double>(p(0, 8))) +
                            std::log(static_cast<double>(p(1, 0))) +
                            std::log(static_cast<double>(p(3, 4)))) /
                          3;
  REQUIRE(result.loss == Approx(expected).epsilon(kRounding<T>));
  REQUIRE(result.counted == 3);
  REQUIRE(same_bits(result.probabilities, p));
}

TEMPLATE_TEST_CASE("cross-entropy of an impossible label is large and finite",
                   "[softmax_cross_entropy]",
                   float,
                   double) {
  using T = TestType;
  const auto result = softmax_cross_entropy(Matrix<T>{{3000, -2000, 0}}, {1});
  REQUIRE(result.loss == 5000);
  const auto gradient = softmax_cross_entropy_backward(T{2}, result, {1});
  REQUIRE(same_bits(gradient, Matrix<T>{{2, -2, 0}}));
}

TEMPLATE_TEST_CASE("rows without a label have no gradient",
                   "[softmax_cross_entropy]",
                   float,
                   double) {
  using T = TestType;
  const std::vector<std::int32_t> labels{kIgnoredLabel, 2, kIgnoredLabel};
  const auto result = softmax_cross_entropy(random_matrix<T>(3, 5, 1), labels);
  const auto gradient = softmax_cross_entropy_backward(T{1}, result, labels);
  for (std::size_t j = 0; j < 5; ++j) {
    REQUIRE(gradient(0, j) == 0);
    REQUIRE(gradient(2, j) == 0);
    REQUIRE((gradient(1, j) < 0) == (j == 2));
  }
  REQUIRE(std::abs(row_total(gradient, 1)) < kRounding<T>);
  // 0/0, as in the reference.
  const auto none =
      softmax_cross_entropy(random_matrix<T>(1, 5, 1), {kIgnoredLabel});
  REQUIRE(std::isnan(none.loss));
}

TEMPLATE_TEST_CASE("labels outside the classes are an error",
                   "[softmax_cross_entropy]",
                   float,
                   double) {
  using T = TestType;
  const auto logits = zeros<T>(1, 5);
  for (const std::int32_t label : {5, -1, -99, -101, 1000000}) {
    INFO(label);
    REQUIRE_THROWS_AS(softmax_cross_entropy(logits, {label}), std::logic_error);
  }
  REQUIRE_THROWS_AS(softmax_cross_entropy(logits, {1, 2}), std::logic_error);
}
