#pragma once

#include <cstdint>

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// A weight [out, in] in one byte each: w ≈ scale · q with q from -127 to 127
/// and a scale of each output's own. It is laid out in panels as int8_tile reads
/// them: kTileColumns outputs, four inputs of one output side by side.
class QuantizedWeight {
 public:
  /// Rounds the weight; a number moves by half a step at most. An output with
  /// an infinity or a NaN gets a scale that is NaN, so that they aren't lost.
  explicit QuantizedWeight(const Matrix<float>& weight);

  /// The number of outputs.
  [[nodiscard]] std::size_t out() const { return columns(scales_); }

  /// The number of inputs.
  [[nodiscard]] std::size_t in() const { return in_; }

  /// The first byte of a panel [in / 4, kTileColumns, 4].
  [[nodiscard]] const std::int8_t* panel(std::size_t number) const {
    return row(panels_, number).data();
  }

  /// The scale of each output, [1, out].
  [[nodiscard]] const Matrix<float>& scales() const { return scales_; }

  /// Σ over the inputs of scale · q for each output, [1, out]: what an input's
  /// minimum is multiplied by.
  [[nodiscard]] const Matrix<float>& sums() const { return sums_; }

 private:
  std::size_t in_;
  Matrix<std::int8_t> panels_;  // [panels, in rounded up · kTileColumns]
  Matrix<float> scales_;
  Matrix<float> sums_;
};

}  // namespace distilbert
