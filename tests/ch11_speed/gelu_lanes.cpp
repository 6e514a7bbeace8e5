#include "ch11_speed/gelu_lanes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "ch04_layers/gelu.hpp"
#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// Most of it is the rounding of numbers near 5, which are 4.8e-7 apart. Where
// multiplication and addition are fused it is 6.1e-7, but whether they are is
// up to the compiler.
constexpr double kBound = 8e-7;

// The library's gelu_row of every number; the last row is filled with zeros.
std::vector<float> gelu_of(const std::vector<float>& x) {
  std::vector<float> y;
  y.reserve(x.size());
  for (std::size_t first = 0; first < x.size(); first += kTileColumns) {
    alignas(64) float some[kTileColumns] = {};
    const std::size_t count = std::min(kTileColumns, x.size() - first);
    std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(first), count, some);
    gelu_row(some);
    y.insert(y.end(), some, some + count);
  }
  return y;
}

double exact_gelu(double x) {
  return x * std::erfc(-x / std::numbers::sqrt2) / 2;
}

double tanh_gelu(double x) {
  const double inner =
      std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
  return x * (1 + std::tanh(inner)) / 2;
}

// The numbers of [from, to] in steps of `step` in their bits, both signs: as
// many in each doubling.
std::vector<float> sweep(float from, float to, std::uint32_t step) {
  std::vector<float> numbers;
  for (auto bits = std::bit_cast<std::uint32_t>(from);
       bits <= std::bit_cast<std::uint32_t>(to); bits += step) {
    numbers.push_back(std::bit_cast<float>(bits));
    numbers.push_back(-std::bit_cast<float>(bits));
  }
  return numbers;
}

// Fails at the number whose result is furthest off, if that is over the bound.
void require_close(const std::vector<float>& x) {
  const std::vector<float> y = gelu_of(x);
  double worst = 0;
  float at = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = std::abs(y[i] - exact_gelu(x[i]));
    if (!(error <= worst)) {
      worst = error;
      at = x[i];
    }
  }
  INFO("gelu(" << at << ") is off by " << worst);
  REQUIRE(worst <= kBound);
}

}  // namespace

TEST_CASE("GELU in lanes is within its bound from the smallest number to 8",
          "[gelu_lanes]") {
  // Denormals and all exponents, some thousand mantissas of each; then the
  // doublings where the curve bends, a hundred thousand each.
  require_close(sweep(0.0F, 8.0F, 4099));
  require_close(sweep(0.125F, 8.0F, 83));
}

TEST_CASE("the polynomial meets the outside without a jump", "[gelu_lanes]") {
  const float limit = std::sqrt(27.0F);
  const auto bits = std::bit_cast<std::uint32_t>(limit);
  // Every number within a thousand of the limit.
  const auto x = sweep(std::bit_cast<float>(bits - 1000),
                       std::bit_cast<float>(bits + 1000), 1);
  require_close(x);
  const auto y = gelu_of(x);
  for (std::size_t i = 2; i < y.size(); ++i) {
    const double step = std::abs(static_cast<double>(x[i]) - x[i - 2]);
    REQUIRE(std::abs(static_cast<double>(y[i]) - y[i - 2]) <= step + kBound);
  }
}

TEST_CASE("far out GELU is the number itself or zero", "[gelu_lanes]") {
  const auto x = sweep(6.0F, std::numeric_limits<float>::max(), 40009);
  const auto y = gelu_of(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    REQUIRE(y[i] == (x[i] > 0 ? x[i] : 0.0F));
  }
}

TEST_CASE("GELU in lanes treats zeros, infinities and NaN as gelu() does",
          "[gelu_lanes]") {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> x{0.0F, -0.0F, infinity, -infinity,
                             std::numeric_limits<float>::quiet_NaN()};
  const Matrix<float> of_chapter_4 =
      gelu(Matrix<float>{{x[0], x[1], x[2], x[3], x[4]}});
  const auto y = gelu_of(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float expected = of_chapter_4(0, i);
    INFO("gelu(" << x[i] << ") = " << y[i] << ", expected " << expected);
    REQUIRE(std::isnan(y[i]) == std::isnan(expected));
    if (!std::isnan(expected)) {
      REQUIRE(y[i] == expected);
      REQUIRE(std::signbit(y[i]) == std::signbit(expected));
    }
  }
}

TEST_CASE("the bound tells GELU from its tanh approximation", "[gelu_lanes]") {
  double largest = 0;
  for (const float x : sweep(0.125F, 8.0F, 83)) {
    largest = std::max(largest, std::abs(tanh_gelu(x) - exact_gelu(x)));
  }
  REQUIRE(largest > 500 * kBound);
}

TEST_CASE("a number's GELU doesn't depend on its lane", "[gelu_lanes]") {
  for (const float number : {-5.25F, -3.75F, 0.1F, 1.25F, 5.1F}) {
    const float alone = gelu_of({number})[0];
    for (std::size_t j = 0; j < kTileColumns; ++j) {
      std::vector<float> x(kTileColumns, 9.0F);
      x[j] = number;
      REQUIRE(gelu_of(x)[j] == alone);
    }
  }
}
