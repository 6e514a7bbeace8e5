#pragma once

#include <cstdint>

#include "ch11_speed/tile_product.hpp"

namespace distilbert {

/// An int8 tile's results.
struct Int8Tile {
  alignas(64) std::int32_t sums[kTileRows][kTileColumns];
};

/// One tile of a product of bytes, exact:
/// tile.sums[i][j] = Σₖ a[i][k] · panel[k / 4][j][k % 4] for an `a` of 1 to
/// kTileRows rows, whose columns are a multiple of four, and a panel
/// [a.columns / 4, kTileColumns, 4] aligned as a register. With AVX-512 VNNI one
/// instruction multiplies 64 pairs of bytes and adds them up in fours.
void int8_tile(const Block<const std::uint8_t>& a,
               const std::int8_t* panel,
               Int8Tile& tile);

/// The same in plain C++, for other processors and as the truth of the test.
void plain_int8_tile(const Block<const std::uint8_t>& a,
                     const std::int8_t* panel,
                     Int8Tile& tile);

}  // namespace distilbert
