#include "ch11_speed/tile_product.hpp"

#include <array>
#include <utility>

#include "common/error.hpp"

namespace distilbert {
namespace {

// --8<-- [start:tile_product]
// In every step two registers of the panel meet one number of each row of a, so
// that 2 · kRows multiplications need kRows + 2 loads. That ratio is why a
// product can run at the processor's peak.
template <std::size_t kRows>
void tile_of_rows(const Block<const float>& a,
                  const float* panel,
                  std::span<const float, kTileColumns> start,
                  Tile& tile) {
  Lanes left[kRows];
  Lanes right[kRows];
#pragma GCC unroll 14
  for (std::size_t i = 0; i < kRows; ++i) {
    left[i] = Lanes::load_unaligned(start.data());
    right[i] = Lanes::load_unaligned(start.data() + Lanes::size);
  }
  // --8<-- [start:tile_step]
  for (std::size_t k = 0; k < a.columns; ++k, panel += kTileColumns) {
    fetch_ahead(panel);
    const Lanes panel_left = Lanes::load_aligned(panel);
    const Lanes panel_right = Lanes::load_aligned(panel + Lanes::size);
#pragma GCC unroll 14
    for (std::size_t i = 0; i < kRows; ++i) {
      const Lanes number(a.data[i * a.stride + k]);
      left[i] = xsimd::fma(number, panel_left, left[i]);
      right[i] = xsimd::fma(number, panel_right, right[i]);
    }
  }
  // --8<-- [end:tile_step]
#pragma GCC unroll 14
  for (std::size_t i = 0; i < kRows; ++i) {
    left[i].store_aligned(tile.sums[i]);
    right[i].store_aligned(tile.sums[i] + Lanes::size);
  }
}

// --8<-- [end:tile_product]

// kTiles[n] multiplies n + 1 rows.
template <std::size_t... kNumbers>
constexpr auto make_tiles(std::index_sequence<kNumbers...> /*rows*/) {
  return std::array{tile_of_rows<kNumbers + 1>...};
}

constexpr auto kTiles = make_tiles(std::make_index_sequence<kTileRows>());

}  // namespace

void tile_product(const Block<const float>& a,
                  const float* panel,
                  std::span<const float, kTileColumns> start,
                  Tile& tile) {
  require(a.rows >= 1 && a.rows <= kTileRows, "a tile of {} rows", a.rows);
  kTiles[a.rows - 1](a, panel, start, tile);
}

}  // namespace distilbert
