#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace distilbert {

/// What random numbers are drawn for. Two purposes never share a number.
enum class RandomPurpose : std::uint8_t {
  kInitialisation,
  kEmbeddingDropout,
  kAttentionDropout,
  kHiddenDropout,
  kHeadDropout,
  kOrder,
  kMasking,
};

/// Philox4x32-10: a block cipher used as a random number generator (Salmon et
/// al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). The four numbers
/// are a pure function of counter and key, so any of them can be computed by
/// any thread, in any order, or again after a restart.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// The random numbers of one purpose in one step and layer, addressed by row
/// and column. Nothing is stored but the address: a resumed training run needs
/// its step number to go on with the same bits.
class RandomSource {
 public:
  /// The numbers of a seed for one purpose, step and layer. `layer` must be
  /// below 2^24.
  RandomSource(std::uint64_t seed,
               RandomPurpose purpose,
               std::uint32_t step,
               std::uint32_t layer)
      : key_{static_cast<std::uint32_t>(seed),
             static_cast<std::uint32_t>(seed >> 32U)},
        step_(step),
        place_((static_cast<std::uint32_t>(purpose) << 24U) | layer) {}

  /// Four numbers for columns 4 * block ... 4 * block + 3 of a row.
  [[nodiscard]] std::array<std::uint32_t, 4> block(std::uint32_t row,
                                                   std::uint32_t block) const {
    return philox({block, row, step_, place_}, key_);
  }

  /// Calls use(column, number) for columns 0 ... columns - 1 of a row: the
  /// numbers of block(), computed sixteen blocks at a time.
  template <class Use>
  void for_each_in_row(std::uint32_t row,
                       std::size_t columns,
                       const Use& use) const {
    PhiloxLanes lanes;
    for (std::size_t first = 0; first < columns; first += lanes.size()) {
      philox_lanes(row, static_cast<std::uint32_t>(first / 4), lanes);
      const std::size_t count = std::min(lanes.size(), columns - first);
      for (std::size_t i = 0; i < count; ++i) {
        use(first + i, lanes[i]);
      }
    }
  }

  /// A number in [0, 1), a multiple of 2^-24.
  [[nodiscard]] double uniform(std::uint32_t row, std::uint32_t column) const {
    return static_cast<double>(block(row, column / 4)[column % 4] >> 8U) *
           0x1p-24;
  }

  /// A draw from the standard normal distribution (Box and Muller 1958).
  [[nodiscard]] double normal(std::uint32_t row, std::uint32_t column) const;

 private:
  static constexpr std::size_t kLanes = 16;
  using PhiloxLanes = std::array<std::uint32_t, 4 * kLanes>;

  // Blocks first_block ... first_block + 15 of a row, one after another.
  void philox_lanes(std::uint32_t row,
                    std::uint32_t first_block,
                    PhiloxLanes& numbers) const;

  std::array<std::uint32_t, 2> key_;
  std::uint32_t step_;
  std::uint32_t place_;
};

}  // namespace distilbert
