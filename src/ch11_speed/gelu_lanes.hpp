#pragma once

#include "ch11_speed/tile_product.hpp"

namespace distilbert {

// --8<-- [start:gelu_lanes]
/// gelu(x) = x · Φ(x) for each lane, within 8e-7. Where |x| < √27, the normal
/// distribution function Φ is 1/2 + x h(x²) with a polynomial h
/// (tests/golden/fit_gelu.py); beyond, it is 0 or 1 in float's precision. That
/// takes a third of the instructions of an erf that is exact to the last place.
inline Lanes gelu_lanes(const Lanes& x) {
  constexpr float kLimit = 27.0F;
  constexpr float kCoefficients[] = {
      0.00019973493F, -0.0005555591F, 0.0005959724F, -0.0009736763F,
      0.0026452865F,  -0.0050388426F, 0.007978838F,  -0.012320461F,
      0.018102076F,   -0.024741095F,  0.031956103F,  -0.03993731F,
      0.050055303F,   -0.06779164F,   0.1360503F};
  // --8<-- [start:polynomial]
  const Lanes square = x * x;
  const Lanes u = xsimd::fma(square, Lanes(2 / kLimit), Lanes(-1.0F));
  Lanes h(0.0F);
  for (const float coefficient : kCoefficients) {
    h = xsimd::fma(h, u, Lanes(coefficient));
  }
  const Lanes inside = xsimd::fma(x, h, Lanes(0.5F));
  // --8<-- [end:polynomial]
  const Lanes outside =
      xsimd::select(x > Lanes(0.0F), Lanes(1.0F), Lanes(0.0F));
  return x * xsimd::select(square < Lanes(kLimit), inside, outside);
}

// --8<-- [end:gelu_lanes]

/// The same for a row of whole registers.
inline void gelu_row(std::span<float, kTileColumns> row) {
  for (std::size_t j = 0; j < row.size(); j += Lanes::size) {
    gelu_lanes(Lanes::load_aligned(&row[j])).store_aligned(&row[j]);
  }
}

}  // namespace distilbert
