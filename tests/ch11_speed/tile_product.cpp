#include "ch11_speed/tile_product.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

using Start = std::array<float, kTileColumns>;
using Range = std::pair<std::size_t, std::size_t>;

// None, one, an odd number, a head's size, a model's width.
const std::vector<std::size_t> kInners{0, 1, 2, 7, 64, 385, 1000};

Start random_start(std::uint64_t seed) {
  Start start{};
  std::ranges::copy(values(random_matrix<float>(1, kTileColumns, seed)),
                    start.begin());
  return start;
}

Tile filled_tile(float value) {
  Tile tile;
  for (auto& row_of_sums : tile.sums) {
    std::ranges::fill(row_of_sums, value);
  }
  return tile;
}

// The product of rows [first, first + count) of a.
Tile product(const Matrix<float>& a,
             std::size_t first,
             std::size_t count,
             std::size_t inner,
             const Matrix<float>& panel,
             const Start& start) {
  Tile tile = filled_tile(-77.0F);
  tile_product({a.data() + first * columns(a), count, inner, columns(a)},
               panel.data(), start, tile);
  return tile;
}

// A sum of n products in float is off by at most n + 1 roundings of the sum of
// their sizes, in whatever order they are added.
void require_sums(const Tile& tile,
                  const Matrix<float>& a,
                  std::size_t count,
                  std::size_t inner,
                  const Matrix<float>& panel,
                  const Start& start) {
  double worst = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < kTileColumns; ++j) {
      double sum = start[j];
      double size = std::abs(sum);
      for (std::size_t k = 0; k < inner; ++k) {
        const double term = static_cast<double>(a(i, k)) * panel(k, j);
        sum += term;
        size += std::abs(term);
      }
      const double bound = static_cast<double>(inner + 1) * 0x1p-24 * size;
      worst = std::max(worst, std::abs(tile.sums[i][j] - sum) - bound);
    }
  }
  REQUIRE(worst <= 0);
}

}  // namespace

TEST_CASE("a tile is the product of its rows and a panel", "[tile_product]") {
  for (const std::size_t inner : kInners) {
    // The rows lie in a wider matrix.
    const auto a = random_matrix<float>(kTileRows, inner + 5, 1);
    const auto panel = random_matrix<float>(inner, kTileColumns, 2);
    const Start start = random_start(3);
    for (std::size_t count = 1; count <= kTileRows; ++count) {
      INFO(count << " rows, inner length " << inner);
      require_sums(product(a, 0, count, inner, panel, start), a, count, inner,
                   panel, start);
    }
  }
}

TEST_CASE("an element has the same bits in tiles of every height and place",
          "[tile_product]") {
  for (const std::size_t inner : kInners) {
    const auto a = random_matrix<float>(2 * kTileRows, inner + 1, 1);
    const auto panel = random_matrix<float>(inner, kTileColumns, 2);
    const Start start = random_start(3);
    for (std::size_t count = 1; count <= kTileRows; ++count) {
      for (std::size_t first = 0; first < kTileRows; first += 3) {
        const Tile tile = product(a, first, count, inner, panel, start);
        for (std::size_t i = 0; i < count; ++i) {
          const Tile alone = product(a, first + i, 1, inner, panel, start);
          REQUIRE(std::ranges::equal(tile.sums[i], alone.sums[0]));
        }
      }
    }
  }
}

TEST_CASE("equal columns of a panel have equal bits", "[tile_product]") {
  const std::size_t inner = 100;
  const auto a = random_matrix<float>(kTileRows, inner, 1);
  auto panel = random_matrix<float>(inner, kTileColumns, 2);
  for (std::size_t k = 0; k < inner; ++k) {
    std::ranges::fill(row(panel, k), panel(k, 0));
  }
  Start start{};
  start.fill(0.25F);
  const Tile tile = product(a, 0, kTileRows, inner, panel, start);
  for (const auto& sums : tile.sums) {
    REQUIRE(std::ranges::count(sums, sums[0]) ==
            static_cast<std::ptrdiff_t>(kTileColumns));
  }
}

TEST_CASE("a tile writes the rows that it was asked for and no others",
          "[tile_product]") {
  const auto a = random_matrix<float>(kTileRows, 8, 1);
  const auto panel = random_matrix<float>(8, kTileColumns, 2);
  for (std::size_t count = 1; count < kTileRows; ++count) {
    const Tile tile = product(a, 0, count, 8, panel, random_start(3));
    for (std::size_t i = count; i < kTileRows; ++i) {
      for (const float sum : tile.sums[i]) {
        REQUIRE(sum == -77.0F);
      }
    }
  }
}

TEST_CASE("tiles of no row and of too many are refused", "[tile_product]") {
  const auto a = random_matrix<float>(kTileRows + 1, 4, 1);
  const auto panel = random_matrix<float>(4, kTileColumns, 2);
  for (const std::size_t count : {std::size_t{0}, kTileRows + 1}) {
    Tile tile;
    const Block<const float> rows_of_a{a.data(), count, 4, 4};
    REQUIRE_THROWS_AS(
        tile_product(rows_of_a, panel.data(), random_start(3), tile),
        std::logic_error);
  }
}

TEST_CASE("rows are cut into the fewest tiles, of nearly equal heights",
          "[tile_product]") {
  for (std::size_t count = 0; count <= 5 * kTileRows; ++count) {
    std::vector<Range> tiles;
    for_each_tile(count, [&](std::size_t begin, std::size_t end) {
      tiles.emplace_back(begin, end);
    });
    INFO(count << " rows");
    REQUIRE(tiles.size() == (count + kTileRows - 1) / kTileRows);
    std::size_t next = 0;
    for (const auto& [begin, end] : tiles) {
      REQUIRE(begin == next);
      REQUIRE(end - begin <= kTileRows);
      REQUIRE(end - begin >= count / tiles.size());
      next = end;
    }
    REQUIRE(next == count);
  }
}
