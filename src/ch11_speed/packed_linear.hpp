#pragma once

#include "ch11_speed/packed_weight.hpp"

namespace distilbert {

/// x · Wᵀ + b for x [tokens, in], W [out, in] in panels and b [1, out], to
/// [tokens, out]; equals linear() of chapter 4 but for rounding. Threads take
/// different panels.
Matrix<float> packed_linear(const Matrix<float>& x,
                            const PackedWeight& weight,
                            const Matrix<float>& bias);

/// gelu(x · Wᵀ + b), while the sums are still in registers.
Matrix<float> packed_linear_gelu(const Matrix<float>& x,
                                 const PackedWeight& weight,
                                 const Matrix<float>& bias);

}  // namespace distilbert
