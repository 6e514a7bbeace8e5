#include <array>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "ch01_tensor/blas.hpp"
#include "ch01_tensor/mean_squared_difference.hpp"
#include "ch01_tensor/multiply_blocked.hpp"
#include "ch01_tensor/multiply_naive.hpp"
#include "ch01_tensor/multiply_transposed.hpp"
#include "ch01_tensor/sum_of_squares.hpp"
#include "common/threads.hpp"
#include "random_matrix.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)
using distilbert::testing::random_matrix;

namespace {

template <class T>
void check_equal(const Matrix<T>& found,
                 const Matrix<T>& expected,
                 std::size_t n) {
  require_shape(found, rows(expected), columns(expected), "product");
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(std::abs(values(found)[i] - values(expected)[i]) <=
            tolerance * std::sqrt(static_cast<double>(n) + 10));
  }
}

template <class T>
Matrix<T> transposed(const Matrix<T>& matrix) {
  Matrix<T> result = make_matrix<T>(columns(matrix), rows(matrix));
  for (std::size_t i = 0; i < rows(matrix); ++i) {
    for (std::size_t j = 0; j < columns(matrix); ++j) {
      result(j, i) = matrix(i, j);
    }
  }
  return result;
}

struct Sizes {
  std::size_t m, n, p;
};

// Odd ones, thin ones, ones that pass the edges of blocks and of threads.
constexpr std::array<Sizes, 8> kSizes{{{1, 1, 1},
                                       {2, 3, 4},
                                       {1, 65, 257},
                                       {7, 64, 256},
                                       {13, 129, 65},
                                       {200, 70, 300},
                                       {300, 33, 5},
                                       {3, 500, 700}}};

}  // namespace

TEMPLATE_TEST_CASE("every product equals its definition",
                   "[products]",
                   float,
                   double) {
  for (const auto [m, n, p] : kSizes) {
    const auto a = random_matrix<TestType>(m, n, 1);
    const auto b = random_matrix<TestType>(n, p, 2);
    const auto expected = multiply_naive(a, b);
    check_equal(multiply_blocked(a, b), expected, n);
    check_equal(multiply(a, b), expected, n);
    check_equal(multiply_transposed(a, transposed(b)), expected, n);
    check_equal(transposed_multiply(transposed(a), b), expected, n);
  }
}

TEST_CASE("the naive product of a pencil example", "[products]") {
  Matrix<double> a = make_matrix<double>(2, 2);
  a = Matrix<double>{{1, 2}, {3, 4}};
  const Matrix<double> b{{5, 6}, {7, 8}};
  const Matrix<double> expected{{19, 22}, {43, 50}};
  REQUIRE((multiply_naive(a, b) == expected));
}

TEST_CASE("gemm adds to what is there when beta is one", "[products]") {
  const auto a = random_matrix<double>(3, 4, 1);
  const auto b = random_matrix<double>(4, 5, 2);
  Matrix<double> c = make_matrix<double>(3, 5);
  c.fill(2);
  gemm<double>(Transpose::kNo, Transpose::kNo, a, b, 1, c);
  Matrix<double> expected = multiply_naive(a, b);
  for (double& value : values(expected)) {
    value += 2;
  }
  check_equal(c, expected, 4);
}

TEST_CASE("a product is the same to the bit in every run on so many threads",
          "[products]") {
  const auto a = random_matrix<float>(130, 384, 1);
  const auto b = random_matrix<float>(384, 200, 2);
  const std::size_t before = thread_count();
  set_thread_count(1);
  const auto one = multiply(a, b);
  set_thread_count(2);
  const auto first = multiply(a, b);
  const auto second = multiply(a, b);
  set_thread_count(before);
  REQUIRE((first == second));
  check_equal(first, one, 384);
}

TEST_CASE("products of shapes that don't fit are refused", "[products]") {
  const auto a = random_matrix<float>(2, 3, 1);
  REQUIRE_THROWS_AS(multiply_naive(a, a), std::logic_error);
  REQUIRE_THROWS_AS(multiply_blocked(a, a), std::logic_error);
  REQUIRE_THROWS_AS(multiply(a, a), std::logic_error);
  REQUIRE_THROWS_AS(multiply_transposed(a, random_matrix<float>(2, 4, 1)),
                    std::logic_error);
  REQUIRE_THROWS_AS(mean_squared_difference(a, random_matrix<float>(3, 2, 1)),
                    std::logic_error);
}

TEST_CASE("mean squared difference and sum of squares", "[products]") {
  const Matrix<float> a{{1, 2, 3}};
  const Matrix<float> b{{1, 4, 0}};
  REQUIRE(mean_squared_difference(a, b) == Approx(13.0 / 3));
  REQUIRE(sum_of_squares(values(a)) == 14.0);
  // 2^24 + 1 is no float: a sum in float would lose every one of the ones.
  std::vector<float> many(1000, 1.0F);
  many[0] = 4096.0F;
  REQUIRE(sum_of_squares(std::span<const float>(many)) == 16777216.0 + 999.0);
}
