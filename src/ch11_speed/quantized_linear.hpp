#pragma once

#include "ch11_speed/quantized_weight.hpp"

namespace distilbert {

/// x · Wᵀ + b for x [tokens, in], W [out, in] in bytes and b [1, out], to
/// [tokens, out]. Each row of x is rounded to bytes first (quantize_rows); the
/// products of bytes are exact. With x ≈ m + s·q and w ≈ t·p,
/// Σ x·w = s·t·Σ q·p + m·t·Σ p.
Matrix<float> quantized_linear(const Matrix<float>& x,
                               const QuantizedWeight& weight,
                               const Matrix<float>& bias);

/// gelu(x · Wᵀ + b), likewise.
Matrix<float> quantized_linear_gelu(const Matrix<float>& x,
                                    const QuantizedWeight& weight,
                                    const Matrix<float>& bias);

}  // namespace distilbert
