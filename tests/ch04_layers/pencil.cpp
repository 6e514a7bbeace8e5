// Small cases that a pencil can check, and what each operation refuses.

#include <cmath>
#include <numbers>

#include "ch01_tensor/multiply_naive.hpp"
#include "ch04_layers/column_sums.hpp"
#include "operations.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

TEMPLATE_TEST_CASE("linear adds the bias to x times the transposed weight",
                   "[linear]",
                   float,
                   double) {
  using T = TestType;
  const Matrix<T> x{{1, 2}, {3, 4}};
  const Matrix<T> weight{{1, 0}, {0, 10}, {1, 1}};
  const Matrix<T> bias{{100, 200, 300}};
  REQUIRE(same_bits(linear(x, weight, bias),
                    Matrix<T>{{101, 220, 303}, {103, 240, 307}}));
  const Matrix<T> dy{{1, 2, 3}, {4, 5, 6}};
  const auto gradients = linear_backward(dy, x, weight);
  REQUIRE(same_bits(gradients.x, Matrix<T>{{4, 23}, {10, 56}}));
  REQUIRE(same_bits(gradients.weight, Matrix<T>{{13, 18}, {17, 24}, {21, 30}}));
  REQUIRE(same_bits(gradients.bias, Matrix<T>{{5, 7, 9}}));
}

TEMPLATE_TEST_CASE("linear insists on fitting shapes",
                   "[linear]",
                   float,
                   double) {
  using T = TestType;
  const auto x = zeros<T>(2, 3);
  const auto weight = zeros<T>(4, 3);
  REQUIRE_THROWS_AS(linear(x, weight, zeros<T>(1, 3)), std::logic_error);
  REQUIRE_THROWS_AS(linear(x, weight, zeros<T>(4, 1)), std::logic_error);
  REQUIRE_THROWS_AS(linear(x, zeros<T>(3, 4), zeros<T>(1, 3)),
                    std::logic_error);
}

TEMPLATE_TEST_CASE("column sums add the rows up", "[linear]", float, double) {
  using T = TestType;
  for (const std::size_t columns : {1, 3, 16, 17, 700}) {
    const auto x = random_matrix<T>(101, columns, 1);
    Matrix<T> one = make_matrix<T>(1, 101);
    one.fill(T{1});
    require_forward_equal(column_sums(x), as_double(multiply_naive(one, x)),
                          "column sums");
  }
  REQUIRE(same_bits(column_sums(make_matrix<T>(0, 2)), zeros<T>(1, 2)));
}

TEMPLATE_TEST_CASE("gelu is x times the normal distribution",
                   "[gelu]",
                   float,
                   double) {
  using T = TestType;
  Matrix<T> x = make_matrix<T>(1, 4001);
  for (std::size_t j = 0; j < x.size(); ++j) {
    x(0, j) = static_cast<T>(static_cast<double>(j) * 0.005 - 10);
  }
  const auto y = gelu(x);
  const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-14;
  for (std::size_t j = 0; j < x.size(); ++j) {
    const double z = x(0, j);
    const double expected = z * 0.5 * std::erfc(-z / std::numbers::sqrt2);
    REQUIRE(std::abs(y(0, j) - expected) < tolerance * std::abs(z) + 1e-30);
  }
}

TEMPLATE_TEST_CASE("gelu(x) - gelu(-x) is x", "[gelu]", float, double) {
  using T = TestType;
  const auto x = random_matrix<T>(10, 37, 1);
  Matrix<T> negative = x;
  for (T& value : values(negative)) {
    value = -value;
  }
  const auto y = gelu(x);
  const auto z = gelu(negative);
  const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-15;
  for (std::size_t i = 0; i < x.size(); ++i) {
    REQUIRE(std::abs(values(y)[i] - values(z)[i] - values(x)[i]) <=
            tolerance * (1 + std::abs(values(x)[i])));
  }
}

TEMPLATE_TEST_CASE("gelu far from zero is x or zero", "[gelu]", float, double) {
  using T = TestType;
  const Matrix<T> x{{1000, -1000, 0}};
  const auto y = gelu(x);
  REQUIRE(y(0, 0) == 1000);
  REQUIRE(y(0, 1) == 0);
  REQUIRE(y(0, 2) == 0);
  Matrix<T> one = make_matrix<T>(1, 3);
  one.fill(T{1});
  const auto dx = gelu_backward(one, x);
  REQUIRE(dx(0, 0) == 1);
  REQUIRE(dx(0, 1) == 0);
  REQUIRE(dx(0, 2) == T{0.5});
}

TEMPLATE_TEST_CASE("relu has no gradient at and below zero",
                   "[relu]",
                   float,
                   double) {
  using T = TestType;
  const OperationCase<T> operation{
      "relu", {Matrix<T>{{-2, 0, 3}}}, [](const Inputs<T>& in) {
        return relu(in[0]);
      }};
  const auto found = differentiate(operation, Matrix<T>{{5, 6, 7}});
  REQUIRE(same_bits(found.value, Matrix<T>{{0, 0, 3}}));
  REQUIRE(same_bits(found.gradients[0], Matrix<T>{{0, 0, 7}}));
}

TEMPLATE_TEST_CASE("ids look up rows, and rows sum what comes back",
                   "[embedding]",
                   float,
                   double) {
  using T = TestType;
  const Matrix<T> table{{1, 2}, {3, 4}, {5, 6}};
  const std::vector<std::int32_t> ids{2, 0, 2};
  REQUIRE(same_bits(embedding(table, ids), Matrix<T>{{5, 6}, {1, 2}, {5, 6}}));
  const Matrix<T> dy{{1, 2}, {10, 20}, {100, 200}};
  auto gradient = zeros<T>(3, 2);
  gradient(1, 0) = 7;  // is added to
  embedding_backward<T>(dy, ids, std::nullopt, gradient);
  REQUIRE(same_bits(gradient, Matrix<T>{{10, 20}, {7, 0}, {101, 202}}));
  embedding_backward<T>(dy, ids, 2, gradient);
  REQUIRE(same_bits(gradient, Matrix<T>{{20, 40}, {7, 0}, {101, 202}}));
}

TEMPLATE_TEST_CASE("ids outside the table are an error",
                   "[embedding]",
                   float,
                   double) {
  using T = TestType;
  const auto table = zeros<T>(3, 2);
  REQUIRE_THROWS_AS(embedding(table, {0, 3}), std::logic_error);
  REQUIRE_THROWS_AS(embedding(table, {-1}), std::logic_error);
}

TEMPLATE_TEST_CASE("a table used for looking up and for a product has one sum",
                   "[embedding]",
                   float,
                   double) {
  using T = TestType;
  // As in a masked language model whose decoder is tied to its embeddings.
  const OperationCase<T> operation{
      "tied", {Matrix<T>{{1, 2}, {3, 4}}}, [](const Inputs<T>& in) {
        return scaled_product_transposed(embedding(in[0], {1}), in[0], T{1});
      }};
  // Logits (11, 25); d/dtable of the first is [table 1; table 0 in row 1].
  const auto found = differentiate(operation, Matrix<T>{{1, 0}});
  REQUIRE(same_bits(found.value, Matrix<T>{{11, 25}}));
  REQUIRE(same_bits(found.gradients[0], Matrix<T>{{3, 4}, {1, 2}}));
}

TEMPLATE_TEST_CASE("rows and blocks are copied and put together",
                   "[blocks]",
                   float,
                   double) {
  using T = TestType;
  const Variable<T> x(Matrix<T>{{1, 2, 3}, {4, 5, 6}});
  REQUIRE(same_bits(select_rows(x, {1, 0, 1}).value(),
                    Matrix<T>{{4, 5, 6}, {1, 2, 3}, {4, 5, 6}}));
  const Variable<T> right = cut_block(x, {0, 1, 2, 2});
  const Variable<T> left = cut_block(x, {0, 0, 2, 1});
  REQUIRE(same_bits(right.value(), Matrix<T>{{2, 3}, {5, 6}}));
  REQUIRE(same_bits(
      join_blocks<T>({right, left}, {{0, 1, 2, 2}, {0, 0, 2, 1}}, 2, 3).value(),
      x.value()));
  REQUIRE_THROWS_AS(select_rows(x, {2}), std::logic_error);
  REQUIRE_THROWS_AS(cut_block(x, {1, 0, 2, 1}), std::logic_error);
  REQUIRE_THROWS_AS(cut_block(x, {0, 2, 1, 2}), std::logic_error);
}

TEMPLATE_TEST_CASE("mean_squared_error refuses to broadcast",
                   "[mean_squared_error]",
                   float,
                   double) {
  using T = TestType;
  const Variable<T> predictions(Matrix<T>{{1}, {2}, {5}});
  REQUIRE(
      mean_squared_error(predictions, Matrix<T>{{1}, {4}, {3}}).value()(0, 0) ==
      Approx(8.0 / 3));
  REQUIRE_THROWS_AS(mean_squared_error(predictions, Matrix<T>{{1, 4, 3}}),
                    std::logic_error);
}
