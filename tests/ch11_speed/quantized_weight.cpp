#include "ch11_speed/quantized_weight.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ch11_speed/panel.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// Byte (out, in) as int8_tile reads it.
std::int8_t byte_of(const QuantizedWeight& weight,
                    std::size_t out,
                    std::size_t in) {
  return weight.panel(
      out /
      kTileColumns)[(in / 4 * kTileColumns + out % kTileColumns) * 4 + in % 4];
}

void require_half_a_step(const Matrix<float>& weight) {
  const QuantizedWeight quantized(weight);
  REQUIRE(quantized.out() == rows(weight));
  REQUIRE(quantized.in() == columns(weight));
  for (std::size_t j = 0; j < rows(weight); ++j) {
    const double scale = quantized.scales()(0, j);
    double worst = 0;
    double sum = 0;
    int largest = 0;
    for (std::size_t k = 0; k < columns(weight); ++k) {
      const int byte = byte_of(quantized, j, k);
      worst = std::max(worst, std::abs(scale * byte - weight(j, k)));
      sum += scale * byte;
      largest = std::max(largest, std::abs(byte));
    }
    INFO("output " << j << " of " << columns(weight) << " weights");
    // 127 steps of three roundings each are 3e-5 of a step.
    REQUIRE(worst <= scale * (0.5 + 1e-4));
    REQUIRE(largest == 127);
    REQUIRE(std::abs(quantized.sums()(0, j) - sum) <= 0x1p-22 * std::abs(sum));
  }
}

}  // namespace

TEST_CASE("a weight moves by half a step of its output at most",
          "[quantized_weight]") {
  const PoisonedMemory poisoned;
  for (const std::size_t out :
       {std::size_t{1}, kTileColumns - 1, kTileColumns, 3 * kTileColumns + 5}) {
    for (const std::size_t in : {1, 2, 3, 4, 5, 384}) {
      auto weight = random_matrix<float>(out, in, 1);
      for (std::size_t j = 0; j < out; ++j) {
        for (float& value : row(weight, j)) {
          value = std::ldexp(value, static_cast<int>(j % 40) - 20);
        }
      }
      require_half_a_step(weight);
    }
  }
}

TEST_CASE("bytes that belong to no weight are zeros", "[quantized_weight]") {
  const PoisonedMemory poisoned;
  const QuantizedWeight quantized(random_matrix<float>(kTileColumns + 3, 6, 1));
  for (std::size_t j = 0; j < 2 * kTileColumns; ++j) {
    for (std::size_t k = 0; k < 8; ++k) {
      if (j >= kTileColumns + 3 || k >= 6) {
        REQUIRE(byte_of(quantized, j, k) == 0);
      }
    }
  }
}

TEST_CASE("an output of zeros stays one", "[quantized_weight]") {
  auto weight = random_matrix<float>(3, 9, 1);
  std::ranges::fill(row(weight, 1), 0.0F);
  const QuantizedWeight quantized(weight);
  REQUIRE(quantized.scales()(0, 1) == 0.0F);
  REQUIRE(quantized.sums()(0, 1) == 0.0F);
  for (std::size_t k = 0; k < 9; ++k) {
    REQUIRE(byte_of(quantized, 1, k) == 0);
  }
}

TEST_CASE("a quantized weight is the same with any number of threads",
          "[quantized_weight][threads]") {
  const auto weight = random_matrix<float>(7 * kTileColumns + 3, 50, 1);
  const auto with = [&](std::size_t threads) {
    const Threads set(threads);
    return QuantizedWeight(weight);
  };
  const QuantizedWeight expected = with(1);
  for (const std::size_t threads : {2, 3}) {
    const QuantizedWeight found = with(threads);
    REQUIRE(same_bits(found.scales(), expected.scales()));
    REQUIRE(same_bits(found.sums(), expected.sums()));
    for (std::size_t j = 0; j < rows(weight); ++j) {
      for (std::size_t k = 0; k < 50; ++k) {
        REQUIRE(byte_of(found, j, k) == byte_of(expected, j, k));
      }
    }
  }
}

TEST_CASE("infinities and NaNs in a weight aren't lost", "[quantized_weight]") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    for (const std::size_t k : {0, 4, 8}) {
      auto weight = random_matrix<float>(3, 9, 1);
      weight(1, k) = bad;
      const QuantizedWeight quantized(weight);
      REQUIRE(std::isnan(quantized.scales()(0, 1)));
      REQUIRE(std::isnan(quantized.sums()(0, 1)));
      REQUIRE(std::isfinite(quantized.scales()(0, 0)));
      REQUIRE(std::isfinite(quantized.scales()(0, 2)));
    }
  }
}
