#include "common/random.hpp"

#include <cmath>

#include "catch.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

TEST_CASE("Philox gives the known answers of its authors", "[random]") {
  // kat_vectors of Random123, philox4x32 with 10 rounds.
  using Four = std::array<std::uint32_t, 4>;
  REQUIRE(philox({0, 0, 0, 0}, {0, 0}) ==
          Four{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t ones = 0xffffffff;
  REQUIRE(philox({ones, ones, ones, ones}, {ones, ones}) ==
          Four{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  REQUIRE(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                 {0xa4093822, 0x299f31d0}) ==
          Four{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("draws depend on all of their address", "[random]") {
  const RandomSource source(1, RandomPurpose::kHiddenDropout, 2, 3);
  const double draw = source.uniform(4, 5);
  REQUIRE(draw == source.uniform(4, 5));
  REQUIRE(draw != source.uniform(5, 4));
  REQUIRE(draw != source.uniform(4, 6));
  using P = RandomPurpose;
  REQUIRE(draw != RandomSource(9, P::kHiddenDropout, 2, 3).uniform(4, 5));
  REQUIRE(draw != RandomSource(1, P::kAttentionDropout, 2, 3).uniform(4, 5));
  REQUIRE(draw != RandomSource(1, P::kHiddenDropout, 3, 3).uniform(4, 5));
  REQUIRE(draw != RandomSource(1, P::kHiddenDropout, 2, 2).uniform(4, 5));
}

TEST_CASE("draws have the mean and spread of their distribution", "[random]") {
  const RandomSource source(42, RandomPurpose::kOrder, 0, 0);
  double uniform_sum = 0;
  double normal_sum = 0;
  double normal_squares = 0;
  constexpr int kRows = 100;
  constexpr int kColumns = 1000;
  for (std::uint32_t i = 0; i < kRows; ++i) {
    for (std::uint32_t j = 0; j < kColumns; ++j) {
      const double uniform = source.uniform(i, j);
      REQUIRE(uniform >= 0);
      REQUIRE(uniform < 1);
      uniform_sum += uniform;
      const double normal = source.normal(i, j);
      normal_sum += normal;
      normal_squares += normal * normal;
    }
  }
  constexpr double kDraws = kRows * kColumns;
  REQUIRE(std::abs(uniform_sum / kDraws - 0.5) < 4 * 0.2887 / 316);
  REQUIRE(std::abs(normal_sum / kDraws) < 4.0 / 316);
  REQUIRE(std::abs(normal_squares / kDraws - 1) < 4 * 1.4142 / 316);
}

TEST_CASE("a row of draws holds the blocks one after another", "[random]") {
  const RandomSource source(7, RandomPurpose::kHiddenDropout, 1, 2);
  for (const std::size_t columns : {1U, 63U, 64U, 65U, 200U}) {
    std::size_t next = 0;
    source.for_each_in_row(
        5, columns, [&](std::size_t column, std::uint32_t number) {
          REQUIRE(column == next++);
          const auto block =
              source.block(5, static_cast<std::uint32_t>(column / 4));
          REQUIRE(number == block[column % 4]);
        });
    REQUIRE(next == columns);
  }
}
