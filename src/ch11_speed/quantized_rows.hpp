#pragma once

#include <cstdint>

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// Activations [rows, columns] in one byte each: x ≈ minimum + scale · q, with
/// minimum and scale of each row's own, so that its smallest number is 0 and
/// its largest 255. A row is filled up with zeros to a multiple of four bytes.
struct QuantizedRows {
  Matrix<std::uint8_t> bytes;  ///< [rows, columns rounded up]
  Matrix<float> minimums;      ///< [1, rows]
  Matrix<float> scales;        ///< [1, rows]; 0 where all numbers are equal
};

/// Rounds each row of x to 256 steps; a number moves by half a step at most. A
/// row with an infinity or a NaN gets a scale that isn't finite either, so that
/// they aren't lost.
QuantizedRows quantize_rows(const Matrix<float>& x);

}  // namespace distilbert
