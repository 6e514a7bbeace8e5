#include "ch11_speed/quantized_weight.hpp"

#include <algorithm>
#include <cmath>

#include "ch11_speed/panel.hpp"
#include "common/threads.hpp"

namespace distilbert {
namespace {

constexpr float kSteps = 127.0F;

// One output's weights into column `column` of a panel; returns their scale and
// the sum of the bytes.
std::pair<float, std::int32_t> quantize_output(std::span<const float> weights,
                                               std::size_t column,
                                               std::span<std::int8_t> panel) {
  float largest = 0;
  for (const float weight : weights) {
    // The second term is 0, or no number, which largest then remains.
    largest = std::max(largest, std::abs(weight)) + 0 * weight;
  }
  const float inverse = largest > 0 ? kSteps / largest : 0.0F;
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const auto byte =
        static_cast<std::int8_t>(std::lround(weights[k] * inverse));
    panel[(k / 4 * kTileColumns + column) * 4 + k % 4] = byte;
    sum += byte;
  }
  return {largest / kSteps, sum};
}

}  // namespace

QuantizedWeight::QuantizedWeight(const Matrix<float>& weight)
    : in_(columns(weight)),
      panels_(zeros<std::int8_t>(panel_count(rows(weight)),
                                 (in_ + 3) / 4 * 4 * kTileColumns)),
      scales_(make_matrix<float>(1, rows(weight))),
      sums_(make_matrix<float>(1, rows(weight))) {
  parallel_for(rows(panels_), 1, [&](std::size_t begin, std::size_t end) {
    const std::size_t last = std::min(end * kTileColumns, out());
    for (std::size_t j = begin * kTileColumns; j < last; ++j) {
      const auto [scale, sum] = quantize_output(
          row(weight, j), j % kTileColumns, row(panels_, j / kTileColumns));
      scales_(0, j) = scale;
      sums_(0, j) = scale * static_cast<float>(sum);
    }
  });
}

}  // namespace distilbert
