#include "ch11_speed/quantized_linear.hpp"

#include <cmath>
#include <vector>

#include "ch04_layers/gelu.hpp"
#include "ch04_layers/linear.hpp"
#include "ch11_speed/panel.hpp"
#include "ch11_speed/quantized_rows.hpp"
#include "operation_checks.hpp"
#include "product_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

const std::vector<Shape> kShapes{{1, 1, 1},
                                 {1, 384, 1},
                                 {3, 3, kTileColumns - 1},
                                 {2 * kTileRows + 1, 384, kTileColumns + 1},
                                 {5, 1001, 3 * kTileColumns + 7},
                                 {60, 66, 70}};

// Activations around 2, so that a forgotten minimum shows.
Operands operands_around_two(const Shape& shape) {
  Operands of = random_operands(shape);
  for (float& value : values(of.x)) {
    value += 2.0F;
  }
  return of;
}

Matrix<float> quantized(const Operands& of) {
  return quantized_linear(of.x, QuantizedWeight(of.weight), of.bias);
}

Matrix<float> quantized_gelu(const Operands& of) {
  return quantized_linear_gelu(of.x, QuantizedWeight(of.weight), of.bias);
}

// With x = x̂ + e, |e| <= s/2 and w = ŵ + f, |f| <= t/2, the product is off by
// Σ (x f + ŵ e), at most t/2 Σ |x| + s/2 Σ |ŵ|, where |ŵ| <= |w| + t/2. The
// float arithmetic adds a few roundings of terms no larger than Σ |x̂ ŵ|.
double bound_of(const Operands& of,
                float step_of_x,
                float step_of_w,
                std::size_t i,
                std::size_t j) {
  double sizes_of_x = 0;
  double sizes_of_w = 0;
  double largest_x = 0;
  for (std::size_t k = 0; k < columns(of.x); ++k) {
    const double x = std::abs(of.x(i, k));
    sizes_of_x += x;
    sizes_of_w += std::abs(of.weight(j, k)) + step_of_w / 2;
    largest_x = std::max(largest_x, x);
  }
  const double steps = step_of_w / 2 * sizes_of_x + step_of_x / 2 * sizes_of_w;
  const double roundings =
      16 * 0x1p-24 * (3 * largest_x * sizes_of_w + std::abs(of.bias(0, j)));
  return 1.001 * steps + roundings;
}

}  // namespace

TEST_CASE("a quantized product is as near as half steps allow",
          "[quantized_linear]") {
  const PoisonedMemory poisoned;
  for (const Shape& shape : kShapes) {
    INFO(shape.tokens << " tokens, " << shape.in << " to " << shape.out);
    const Operands of = operands_around_two(shape);
    const Matrix<float> found = quantized(of);
    const auto steps_of_x = quantize_rows(of.x).scales;
    const Matrix<float> steps_of_w = QuantizedWeight(of.weight).scales();
    REQUIRE(rows(found) == shape.tokens);
    REQUIRE(columns(found) == shape.out);
    double worst = 0;
    for (std::size_t i = 0; i < shape.tokens; ++i) {
      for (std::size_t j = 0; j < shape.out; ++j) {
        double sum = of.bias(0, j);
        for (std::size_t k = 0; k < shape.in; ++k) {
          sum += static_cast<double>(of.x(i, k)) * of.weight(j, k);
        }
        const double bound =
            bound_of(of, steps_of_x(0, i), steps_of_w(0, j), i, j);
        worst = std::max(worst, std::abs(found(i, j) - sum) / bound);
      }
    }
    REQUIRE(worst <= 1);
  }
}

TEST_CASE("a product of numbers that bytes can hold is exact",
          "[quantized_linear]") {
  // Activations are whole quarters from -10 to 53.75 and weights whole eighths
  // from -15.875 to 15.875: all sums are whole numbers of 1/32 below 2²⁴.
  const std::size_t in = 101;
  Operands of = operands_around_two({2 * kTileRows + 3, in, kTileColumns + 9});
  for (std::size_t i = 0; i < rows(of.x); ++i) {
    for (std::size_t k = 0; k < in; ++k) {
      of.x(i, k) = static_cast<float>((i * 31 + k * 17) % 256) / 4 - 10;
    }
    of.x(i, 3) = -10.0F;
    of.x(i, 4) = 53.75F;
  }
  for (std::size_t j = 0; j < rows(of.weight); ++j) {
    for (std::size_t k = 0; k < in; ++k) {
      of.weight(j, k) = (static_cast<float>((j * 13 + k * 29) % 255) - 127) / 8;
    }
    of.weight(j, 7) = j % 2 == 0 ? 127.0F / 8 : -127.0F / 8;
    of.bias(0, j) = static_cast<float>(j) - 8;
  }
  const Matrix<float> found = quantized(of);
  for (std::size_t i = 0; i < rows(of.x); ++i) {
    for (std::size_t j = 0; j < rows(of.weight); ++j) {
      double sum = of.bias(0, j);
      for (std::size_t k = 0; k < in; ++k) {
        sum += static_cast<double>(of.x(i, k)) * of.weight(j, k);
      }
      REQUIRE(found(i, j) == sum);
    }
  }
}

TEST_CASE("a quantized product with GELU is the GELU of the product",
          "[quantized_linear]") {
  for (const Shape& shape : kShapes) {
    const Operands of = operands_around_two(shape);
    require_forward_equal(quantized_gelu(of), as_double(gelu(quantized(of))),
                          "quantized_linear_gelu");
  }
}

TEST_CASE("a row of a quantized product has the bits that it has alone",
          "[quantized_linear]") {
  const Operands of = operands_around_two({40, 66, 70});
  for (const auto& function : {quantized, quantized_gelu}) {
    require_rows_as_alone(of, function);
  }
}

TEST_CASE("quantized products don't depend on threads",
          "[quantized_linear][threads]") {
  const Operands of = operands_around_two({80, 600, 7 * kTileColumns + 1});
  for (const auto& function : {quantized, quantized_gelu}) {
    require_same_on_all_threads(of, function);
  }
}

TEST_CASE("quantized linear layers insist on fitting shapes",
          "[quantized_linear]") {
  const QuantizedWeight weight(random_matrix<float>(40, 8, 1));
  const auto x = zeros<float>(3, 8);
  const auto bias = zeros<float>(1, 40);
  for (const auto& function : {quantized_linear, quantized_linear_gelu}) {
    REQUIRE_NOTHROW(function(x, weight, bias));
    // Seven inputs are filled up to eight, and are too few all the same.
    REQUIRE_THROWS_AS(function(zeros<float>(3, 7), weight, bias),
                      std::logic_error);
    REQUIRE_THROWS_AS(function(x, weight, zeros<float>(1, 39)),
                      std::logic_error);
    REQUIRE_THROWS_AS(function(x, weight, zeros<float>(3, 40)),
                      std::logic_error);
  }
}
