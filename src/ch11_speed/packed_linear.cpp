#include "ch11_speed/packed_linear.hpp"

#include "ch11_speed/gelu_lanes.hpp"
#include "ch11_speed/product_by_panels.hpp"

namespace distilbert {
namespace {

template <class Finish>
Matrix<float> multiply(const Matrix<float>& x,
                       const PackedWeight& weight,
                       const Matrix<float>& bias,
                       const Finish& finish) {
  require_shape(x, rows(x), weight.in(), "input of packed_linear");
  require_shape(bias, 1, weight.out(), "bias of packed_linear");
  const auto compute = [&](std::size_t panel, std::size_t begin,
                           std::size_t end, Tile& tile) {
    tile_product({row(x, begin).data(), end - begin, columns(x), columns(x)},
                 weight.panel(panel), panel_of_row(row(bias, 0), panel), tile);
  };
  return product_by_panels(rows(x), weight.in(), weight.out(), compute, finish);
}

}  // namespace

Matrix<float> packed_linear(const Matrix<float>& x,
                            const PackedWeight& weight,
                            const Matrix<float>& bias) {
  return multiply(x, weight, bias, [](std::span<float> /*row*/) {});
}

Matrix<float> packed_linear_gelu(const Matrix<float>& x,
                                 const PackedWeight& weight,
                                 const Matrix<float>& bias) {
  return multiply(x, weight, bias, gelu_row);
}

}  // namespace distilbert
