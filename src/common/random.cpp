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

// The rounds of philox() on sixteen counters side by side, so that the compiler
// can use vector instructions.
void RandomSource::philox_lanes(std::uint32_t row,
                                std::uint32_t first_block,
                                PhiloxLanes& numbers) const {
  std::array<std::uint32_t, kLanes> word0{};
  std::array<std::uint32_t, kLanes> word1{};
  std::array<std::uint32_t, kLanes> word2{};
  std::array<std::uint32_t, kLanes> word3{};
  for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
    word0[lane] = first_block + lane;
  }
  word1.fill(row);
  word2.fill(step_);
  word3.fill(place_);
  std::array<std::uint32_t, 2> key = key_;
  for (int round = 0; round < kRounds; ++round) {
#pragma omp simd
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::uint64_t product0 = std::uint64_t{kMultiplier0} * word0[lane];
      const std::uint64_t product1 = std::uint64_t{kMultiplier1} * word2[lane];
      word0[lane] =
          static_cast<std::uint32_t>(product1 >> 32U) ^ word1[lane] ^ key[0];
      word1[lane] = static_cast<std::uint32_t>(product1);
      word2[lane] =
          static_cast<std::uint32_t>(product0 >> 32U) ^ word3[lane] ^ key[1];
      word3[lane] = static_cast<std::uint32_t>(product0);
    }
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    numbers[4 * lane] = word0[lane];
    numbers[4 * lane + 1] = word1[lane];
    numbers[4 * lane + 2] = word2[lane];
    numbers[4 * lane + 3] = word3[lane];
  }
}

double RandomSource::normal(std::uint32_t row, std::uint32_t column) const {
  const auto bits = block(row, column / 2);
  const std::size_t first = std::size_t{2} * (column % 2);
  const double radius_draw = (bits[first] + 0.5) * 0x1p-32;  // never 0
  const double angle_draw = bits[first + 1] * 0x1p-32;
  return std::sqrt(-2.0 * std::log(radius_draw)) *
         std::cos(2.0 * std::numbers::pi * angle_draw);
}

}  // namespace distilbert
