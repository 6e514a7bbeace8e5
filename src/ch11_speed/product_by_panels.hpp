#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "ch01_tensor/tensor.hpp"
#include "ch11_speed/panel.hpp"
#include "common/threads.hpp"

namespace distilbert {

/// A matrix [tokens, out] made panel by panel, which threads share out, and
/// within a panel tile by tile: `compute(panel, begin, end, tile)` leaves the
/// results of rows [begin, end) in tile.sums, and `finish(row)` changes each
/// row of a tile before it is stored. `inner` numbers go into each result.
template <class Compute, class Finish>
Matrix<float> product_by_panels(std::size_t tokens,
                                std::size_t inner,
                                std::size_t out,
                                const Compute& compute,
                                const Finish& finish) {
  Matrix<float> y = make_matrix<float>(tokens, out);
  const auto compute_panel = [&](std::size_t panel, Tile& tile) {
    const std::size_t first = panel * kTileColumns;
    const std::size_t width = std::min(kTileColumns, out - first);
    for_each_tile(tokens, [&](std::size_t begin, std::size_t end) {
      compute(panel, begin, end, tile);
      for (std::size_t i = begin; i < end; ++i) {
        finish(std::span(tile.sums[i - begin]));
        std::copy_n(tile.sums[i - begin], width, &y(i, first));
      }
    });
  };
  // Below this many multiplications a part isn't worth a thread.
  constexpr std::size_t kLeastMultiplications = std::size_t{1} << 19U;
  const std::size_t each =
      std::max<std::size_t>(tokens * inner * kTileColumns, 1);
  parallel_for(panel_count(out), kLeastMultiplications / each + 1,
               [&](std::size_t begin, std::size_t end) {
                 Tile tile{};
                 for (std::size_t panel = begin; panel < end; ++panel) {
                   compute_panel(panel, tile);
                 }
               });
  return y;
}

}  // namespace distilbert
