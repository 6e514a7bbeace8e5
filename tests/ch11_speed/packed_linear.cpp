#include "ch11_speed/packed_linear.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "ch04_layers/linear.hpp"
#include "ch04_layers/linear_gelu.hpp"
#include "ch11_speed/tile_product.hpp"
#include "operation_checks.hpp"
#include "product_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// One of everything; outputs below, at and above whole panels; inputs that no
// register divides; more rows than a tile has, and one more than two tiles.
const std::vector<Shape> kShapes{{1, 1, 1},
                                 {1, 384, 1},
                                 {3, 3, kTileColumns - 1},
                                 {kTileRows, 3, kTileColumns},
                                 {2 * kTileRows + 1, 384, kTileColumns + 1},
                                 {5, 1000, 3 * kTileColumns + 7},
                                 {100, 65, 70}};

Matrix<float> packed(const Operands& of) {
  return packed_linear(of.x, PackedWeight(of.weight), of.bias);
}

Matrix<float> packed_gelu(const Operands& of) {
  return packed_linear_gelu(of.x, PackedWeight(of.weight), of.bias);
}

// A sum of n products and a bias in float is off by at most n + 1 roundings of
// the sum of their sizes, in whatever order they are added.
void require_products(const Matrix<float>& found, const Operands& of) {
  REQUIRE(rows(found) == rows(of.x));
  REQUIRE(columns(found) == rows(of.weight));
  double worst = -1;
  for (std::size_t i = 0; i < rows(found); ++i) {
    for (std::size_t j = 0; j < columns(found); ++j) {
      double sum = of.bias(0, j);
      double size = std::abs(sum);
      for (std::size_t k = 0; k < columns(of.x); ++k) {
        const double term = static_cast<double>(of.x(i, k)) * of.weight(j, k);
        sum += term;
        size += std::abs(term);
      }
      const double bound =
          static_cast<double>(columns(of.x) + 1) * 0x1p-24 * size;
      worst = std::max(worst, std::abs(found(i, j) - sum) - bound);
    }
  }
  REQUIRE(worst <= 0);
}

}  // namespace

TEST_CASE("packed linear layers multiply, add the bias and equal linear()",
          "[packed_linear]") {
  const PoisonedMemory poisoned;
  for (const Shape& shape : kShapes) {
    INFO(shape.tokens << " tokens, " << shape.in << " to " << shape.out);
    const Operands of = random_operands(shape);
    const Matrix<float> found = packed(of);
    require_products(found, of);
    require_forward_equal(found, as_double(linear(of.x, of.weight, of.bias)),
                          "linear");
  }
}

TEST_CASE("packed linear layers with GELU equal linear_gelu()",
          "[packed_linear]") {
  const PoisonedMemory poisoned;
  for (const Shape& shape : kShapes) {
    INFO(shape.tokens << " tokens, " << shape.in << " to " << shape.out);
    const Operands of = random_operands(shape);
    const Variable<float> expected =
        linear_gelu(Variable<float>(of.x), Variable<float>(of.weight),
                    Variable<float>(of.bias));
    require_forward_equal(packed_gelu(of), as_double(expected.value()),
                          "linear_gelu");
  }
}

TEST_CASE("a row of a packed product has the bits that it has alone",
          "[packed_linear]") {
  for (const Shape& shape : kShapes) {
    const Operands of = random_operands(shape);
    for (const auto& function : {packed, packed_gelu}) {
      require_rows_as_alone(of, function);
    }
  }
}

TEST_CASE("packed products don't depend on threads",
          "[packed_linear][threads]") {
  // Each panel is enough for a thread of its own.
  const Operands of = random_operands({80, 600, 7 * kTileColumns + 1});
  for (const auto& function : {packed, packed_gelu}) {
    require_same_on_all_threads(of, function);
  }
}

TEST_CASE("no rows have no products", "[packed_linear]") {
  const Operands of = random_operands({0, 8, 40});
  REQUIRE(rows(packed(of)) == 0);
  REQUIRE(columns(packed(of)) == 40);
}

TEST_CASE("packed linear layers insist on fitting shapes", "[packed_linear]") {
  const PackedWeight weight(random_matrix<float>(40, 8, 1));
  const auto x = zeros<float>(3, 8);
  const auto bias = zeros<float>(1, 40);
  for (const auto& function : {packed_linear, packed_linear_gelu}) {
    REQUIRE_NOTHROW(function(x, weight, bias));
    REQUIRE_THROWS_AS(function(zeros<float>(3, 9), weight, bias),
                      std::logic_error);
    REQUIRE_THROWS_AS(function(x, weight, zeros<float>(1, 39)),
                      std::logic_error);
    REQUIRE_THROWS_AS(function(x, weight, zeros<float>(3, 40)),
                      std::logic_error);
  }
}
