#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// A weight [out, in] laid out as tile_product reads it: panels of
/// kTileColumns outputs, each [in, kTileColumns] without gaps. The last panel
/// is filled up with zeros.
class PackedWeight {
 public:
  /// Copies the weight; the work of reading it once, shared out over threads.
  explicit PackedWeight(const Matrix<float>& weight);

  /// The number of outputs.
  [[nodiscard]] std::size_t out() const { return out_; }

  /// The number of inputs.
  [[nodiscard]] std::size_t in() const { return in_; }

  /// How many panels there are.
  [[nodiscard]] std::size_t panels() const { return rows(panels_); }

  /// The first number of a panel.
  [[nodiscard]] const float* panel(std::size_t number) const {
    return row(panels_, number).data();
  }

 private:
  std::size_t out_;
  std::size_t in_;
  Matrix<float> panels_;  // [panels, in · kTileColumns]
};

}  // namespace distilbert
