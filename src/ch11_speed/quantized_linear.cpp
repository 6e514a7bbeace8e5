#include "ch11_speed/quantized_linear.hpp"

#include "ch11_speed/gelu_lanes.hpp"
#include "ch11_speed/int8_tile.hpp"
#include "ch11_speed/product_by_panels.hpp"
#include "ch11_speed/quantized_rows.hpp"

namespace distilbert {
namespace {

using PanelRow = std::array<float, kTileColumns>;

template <class Finish>
Matrix<float> multiply(const Matrix<float>& x,
                       const QuantizedWeight& weight,
                       const Matrix<float>& bias,
                       const Finish& finish) {
  require_shape(x, rows(x), weight.in(), "input of quantized_linear");
  require_shape(bias, 1, weight.out(), "bias of quantized_linear");
  const QuantizedRows q = quantize_rows(x);
  const auto compute = [&](std::size_t panel, std::size_t begin,
                           std::size_t end, Tile& tile) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written first
    Int8Tile bytes;
    int8_tile({row(q.bytes, begin).data(), end - begin, columns(q.bytes),
               columns(q.bytes)},
              weight.panel(panel), bytes);
    const PanelRow scales = panel_of_row(row(weight.scales(), 0), panel);
    const PanelRow sums = panel_of_row(row(weight.sums(), 0), panel);
    const PanelRow start = panel_of_row(row(bias, 0), panel);
    for (std::size_t i = begin; i < end; ++i) {
      const float scale = q.scales(0, i);
      const float minimum = q.minimums(0, i);
      // --8<-- [start:dequantize]
      for (std::size_t j = 0; j < kTileColumns; ++j) {
        tile.sums[i - begin][j] =
            scale * scales[j] * static_cast<float>(bytes.sums[i - begin][j]) +
            (minimum * sums[j] + start[j]);
      }
      // --8<-- [end:dequantize]
    }
  };
  return product_by_panels(rows(x), weight.in(), weight.out(), compute, finish);
}

}  // namespace

Matrix<float> quantized_linear(const Matrix<float>& x,
                               const QuantizedWeight& weight,
                               const Matrix<float>& bias) {
  return multiply(x, weight, bias, [](std::span<float> /*row*/) {});
}

Matrix<float> quantized_linear_gelu(const Matrix<float>& x,
                                    const QuantizedWeight& weight,
                                    const Matrix<float>& bias) {
  return multiply(x, weight, bias, gelu_row);
}

}  // namespace distilbert
