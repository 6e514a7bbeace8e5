#include "common/random.hpp"

#include <cmath>
#include <numbers>

namespace distilbert {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;  // golden ratio
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;  // square root of 3, less 1
constexpr int kRounds = 10;

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {
        static_cast<std::uint32_t>(product1 >> 32U) ^ counter[1] ^ key[0],
        static_cast<std::uint32_t>(product1),
        static_cast<std::uint32_t>(product0 >> 32U) ^ counter[3] ^ key[1],
        static_cast<std::uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

// The rounds of philox() on sixteen counters side by side, which the compiler
// turns into vector instructions.
void RandomSource::philox_lanes(std::uint32_t row,
                                std::uint32_t first_block,
                                PhiloxLanes& numbers) const {
  std::array<std::array<std::uint32_t, kLanes>, 4> counter{};
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    counter[0][lane] = first_block + static_cast<std::uint32_t>(lane);
    counter[1][lane] = row;
    counter[2][lane] = step_;
    counter[3][lane] = place_;
  }
  std::array<std::uint32_t, 2> key = key_;
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::uint64_t product0 =
          std::uint64_t{kMultiplier0} * counter[0][lane];
      const std::uint64_t product1 =
          std::uint64_t{kMultiplier1} * counter[2][lane];
      counter[0][lane] = static_cast<std::uint32_t>(product1 >> 32U) ^
                         counter[1][lane] ^ key[0];
      counter[1][lane] = static_cast<std::uint32_t>(product1);
      counter[2][lane] = static_cast<std::uint32_t>(product0 >> 32U) ^
                         counter[3][lane] ^ key[1];
      counter[3][lane] = static_cast<std::uint32_t>(product0);
    }
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (std::size_t word = 0; word < 4; ++word) {
      numbers[4 * lane + word] = counter[word][lane];
    }
  }
}

double RandomSource::normal(std::uint32_t row, std::uint32_t column) const {
  const auto bits = block(row, column / 2);
  const std::size_t first = 2 * (column % 2);
  const double radius_draw = (bits[first] + 0.5) * 0x1p-32;  // never 0
  const double angle_draw = bits[first + 1] * 0x1p-32;
  return std::sqrt(-2.0 * std::log(radius_draw)) *
         std::cos(2.0 * std::numbers::pi * angle_draw);
}

}  // namespace distilbert
