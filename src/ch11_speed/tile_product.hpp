#pragma once

#include <cstddef>
#include <span>
#include <xsimd/xsimd.hpp>  // IWYU pragma: export

#include "ch01_tensor/blas.hpp"
#include "common/share_out.hpp"

namespace distilbert {

/// As many floats as one vector register of the processor holds: 16 with
/// AVX-512, 8 with AVX2, 4 with SSE or NEON.
using Lanes = xsimd::batch<float>;

/// A tile of a product is so many columns wide: two registers.
inline constexpr std::size_t kTileColumns = 2 * Lanes::size;

/// And at most so many rows high. The sums of a whole tile stay in registers,
/// two to a row, and two more hold a row of the panel: 14 rows take 30 of
/// AVX-512's 32 registers, 6 rows take 14 of the 16 that others have.
inline constexpr std::size_t kTileRows = Lanes::size == 16 ? 14 : 6;

/// A tile's results.
struct Tile {
  alignas(64) float sums[kTileRows][kTileColumns];
};

/// Asks for the part of a panel that is 8 KiB behind `step`, one of its steps of
/// kTileColumns floats. A panel comes from a cache further away or from memory,
/// and the processor's own guesses stop at the end of a page, which is never
/// far. Asking touches nothing: it may reach behind the last panel.
template <class Number>
void fetch_ahead(const Number* step) {
  constexpr std::size_t kStepBytes = kTileColumns * sizeof(float);
  constexpr std::size_t kCacheLine = 64;
  const char* const ahead = reinterpret_cast<const char*>(step) + 8192;
  for (std::size_t byte = 0; byte < kStepBytes; byte += kCacheLine) {
    __builtin_prefetch(ahead + byte);
  }
}

/// One tile of a product, a · panel + start:
/// tile.sums[i][j] = start[j] + Σₖ a[i][k] · panel[k][j]
/// for an `a` of 1 to kTileRows rows and a panel [a.columns, kTileColumns]
/// without gaps, aligned as a register.
///
/// An element is summed in the order of k, whatever the tile's size and place:
/// a text's result doesn't depend on the texts beside it.
void tile_product(const Block<const float>& a,
                  const float* panel,
                  std::span<const float, kTileColumns> start,
                  Tile& tile);

/// Calls work(begin, end) for the tiles of `rows` rows, one after another. They
/// are of equal height, since a last tile of a single row would cost nearly as
/// much as a full one.
template <class Work>
void for_each_tile(std::size_t rows, const Work& work) {
  const std::size_t tiles = (rows + kTileRows - 1) / kTileRows;
  for (std::size_t tile = 0; tile < tiles; ++tile) {
    const auto [begin, end] = share_out(rows, tiles, tile);
    work(begin, end);
  }
}

}  // namespace distilbert
