#include "ch11_speed/int8_tile.hpp"

#ifdef __AVX512VNNI__
#include <immintrin.h>

#include <utility>
#endif

#include <algorithm>
#include <array>
#include <cstring>

#include "common/error.hpp"

namespace distilbert {

#ifdef __AVX512VNNI__
namespace {

__m512i four_bytes(const std::uint8_t* bytes) {
  std::int32_t together = 0;
  std::memcpy(&together, bytes, sizeof together);
  return _mm512_set1_epi32(together);
}

// --8<-- [start:int8_tile]
template <std::size_t kRows>
void tile_of_rows(const Block<const std::uint8_t>& a,
                  const std::int8_t* panel,
                  Int8Tile& tile) {
  __m512i left[kRows];
  __m512i right[kRows];
#pragma GCC unroll 14
  for (std::size_t i = 0; i < kRows; ++i) {
    left[i] = _mm512_setzero_si512();
    right[i] = _mm512_setzero_si512();
  }
  // --8<-- [start:int8_step]
  for (std::size_t k = 0; k < a.columns; k += 4, panel += 4 * kTileColumns) {
    fetch_ahead(panel);
    const __m512i panel_left = _mm512_load_si512(panel);
    const __m512i panel_right = _mm512_load_si512(panel + 2 * kTileColumns);
#pragma GCC unroll 14
    for (std::size_t i = 0; i < kRows; ++i) {
      const __m512i bytes = four_bytes(a.data + i * a.stride + k);
      left[i] = _mm512_dpbusd_epi32(left[i], bytes, panel_left);
      right[i] = _mm512_dpbusd_epi32(right[i], bytes, panel_right);
    }
  }
  // --8<-- [end:int8_step]
#pragma GCC unroll 14
  for (std::size_t i = 0; i < kRows; ++i) {
    _mm512_store_si512(tile.sums[i], left[i]);
    _mm512_store_si512(tile.sums[i] + Lanes::size, right[i]);
  }
}

// --8<-- [end:int8_tile]

// kTiles[n] multiplies n + 1 rows.
template <std::size_t... kNumbers>
constexpr auto make_tiles(std::index_sequence<kNumbers...> /*rows*/) {
  return std::array{tile_of_rows<kNumbers + 1>...};
}

constexpr auto kTiles = make_tiles(std::make_index_sequence<kTileRows>());

}  // namespace

void int8_tile(const Block<const std::uint8_t>& a,
               const std::int8_t* panel,
               Int8Tile& tile) {
  require(a.rows >= 1 && a.rows <= kTileRows, "a tile of {} rows", a.rows);
  kTiles[a.rows - 1](a, panel, tile);
}

#else

void int8_tile(const Block<const std::uint8_t>& a,
               const std::int8_t* panel,
               Int8Tile& tile) {
  plain_int8_tile(a, panel, tile);
}

#endif

void plain_int8_tile(const Block<const std::uint8_t>& a,
                     const std::int8_t* panel,
                     Int8Tile& tile) {
  require(a.rows >= 1 && a.rows <= kTileRows, "a tile of {} rows", a.rows);
  for (std::size_t i = 0; i < a.rows; ++i) {
    const std::uint8_t* const bytes = a.data + i * a.stride;
    std::array<std::int32_t, kTileColumns> sums{};
    for (std::size_t k = 0; k < a.columns; ++k) {
      const std::int8_t* const weights =
          panel + k / 4 * 4 * kTileColumns + k % 4;
      for (std::size_t j = 0; j < kTileColumns; ++j) {
        sums[j] += bytes[k] * weights[4 * j];
      }
    }
    std::ranges::copy(sums, tile.sums[i]);
  }
}

}  // namespace distilbert
