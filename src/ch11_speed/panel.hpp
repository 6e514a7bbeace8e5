#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "ch01_tensor/blas.hpp"
#include "ch11_speed/tile_product.hpp"

namespace distilbert {

/// How many panels hold `columns` columns.
inline std::size_t panel_count(std::size_t columns) {
  return (columns + kTileColumns - 1) / kTileColumns;
}

/// The part of a row that belongs to a panel, filled up with zeros.
inline std::array<float, kTileColumns> panel_of_row(std::span<const float> row,
                                                    std::size_t panel) {
  std::array<float, kTileColumns> part{};
  const std::size_t first = panel * kTileColumns;
  std::copy_n(&row[first], std::min(kTileColumns, row.size() - first),
              part.begin());
  return part;
}

/// Copies rows [rows, inner] of a matrix into the columns of a panel
/// [inner, kTileColumns]; columns without a row are zeros.
inline void pack_transposed(const Block<const float>& block, float* panel) {
  // So many steps of a panel stay in the first-level cache while they fill.
  constexpr std::size_t kSteps = 64;
  for (std::size_t begin = 0; begin < block.columns; begin += kSteps) {
    const std::size_t end = std::min(begin + kSteps, block.columns);
    for (std::size_t j = 0; j < kTileColumns; ++j) {
      for (std::size_t k = begin; k < end; ++k) {
        panel[k * kTileColumns + j] =
            j < block.rows ? block.data[j * block.stride + k] : 0.0F;
      }
    }
  }
}

/// Copies a block [inner, columns] with at most kTileColumns columns into a
/// panel; columns that are missing are zeros.
inline void pack_straight(const Block<const float>& block, float* panel) {
  for (std::size_t k = 0; k < block.rows; ++k) {
    const float* const from = block.data + k * block.stride;
    float* const to = panel + k * kTileColumns;
    std::copy(from, from + block.columns, to);
    std::fill(to + block.columns, to + kTileColumns, 0.0F);
  }
}

}  // namespace distilbert
