#include "ch11_speed/quantized_rows.hpp"

#include <algorithm>

#include "ch04_layers/row_math.hpp"

namespace distilbert {
namespace {

constexpr float kSteps = 255.0F;

float row_min(std::span<const float> x) {
  float smallest = x[0];
#pragma omp simd reduction(min : smallest)
  for (std::size_t j = 0; j < x.size(); ++j) {
    smallest = smallest < x[j] ? smallest : x[j];
  }
  return smallest;
}

// 0, or no number where one of x is infinite or none: a range alone doesn't tell.
float zero_if_finite(std::span<const float> x) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t j = 0; j < x.size(); ++j) {
    sum += 0 * x[j];
  }
  return sum;
}

}  // namespace

// --8<-- [start:quantize_rows]
QuantizedRows quantize_rows(const Matrix<float>& x) {
  const std::size_t padded = (columns(x) + 3) / 4 * 4;
  QuantizedRows result{make_matrix<std::uint8_t>(rows(x), padded),
                       make_matrix<float>(1, rows(x)),
                       make_matrix<float>(1, rows(x))};
  parallel_rows(rows(x), columns(x), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::span<const float> from = row(x, i);
      const std::span<std::uint8_t> to = row(result.bytes, i);
      // --8<-- [start:quantize_row]
      const float minimum = row_min(from);
      const float range = row_max(from) - minimum + zero_if_finite(from);
      const float inverse = range > 0 ? kSteps / range : 0.0F;
      for (std::size_t j = 0; j < from.size(); ++j) {
        const float step = (from[j] - minimum) * inverse + 0.5F;
        // In this order a NaN, which no int can be, becomes kSteps.
        to[j] = static_cast<std::uint8_t>(
            static_cast<int>(step < kSteps ? step : kSteps));
      }
      // --8<-- [end:quantize_row]
      std::ranges::fill(to.subspan(from.size()), std::uint8_t{0});
      result.minimums(0, i) = minimum;
      result.scales(0, i) = range / kSteps;
    }
  });
  return result;
}

// --8<-- [end:quantize_rows]

}  // namespace distilbert
