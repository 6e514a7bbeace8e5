#include "ch11_speed/int8_tile.hpp"

#include <algorithm>
#include <vector>

#include "ch01_tensor/tensor.hpp"
#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

const std::vector<std::size_t> kInners{4, 8, 60, 384, 1536, 4096};

struct Bytes {
  Matrix<std::uint8_t> a;     // [kTileRows, inner + 12]
  Matrix<std::int8_t> panel;  // [inner / 4, kTileColumns · 4]
};

Bytes equal_bytes(std::size_t inner, std::uint8_t of_a, std::int8_t of_panel) {
  Bytes bytes{make_matrix<std::uint8_t>(kTileRows, inner + 12),
              make_matrix<std::int8_t>(inner / 4, kTileColumns * 4)};
  bytes.a.fill(of_a);
  bytes.panel.fill(of_panel);
  return bytes;
}

// Bytes from 0 to 255 and from -128 to 127.
Bytes random_bytes(std::size_t inner) {
  Bytes bytes = equal_bytes(inner, 0, 0);
  std::uint32_t state = 12345;
  const auto next = [&] {
    state = state * 1664525U + 1013904223U;
    return state >> 24U;
  };
  std::ranges::generate(values(bytes.a),
                        [&] { return static_cast<std::uint8_t>(next()); });
  std::ranges::generate(values(bytes.panel),
                        [&] { return static_cast<std::int8_t>(next()); });
  return bytes;
}

using Function = decltype(&int8_tile);

Int8Tile product(Function function, const Bytes& of, std::size_t count) {
  Int8Tile tile;
  std::ranges::fill(std::span(&tile.sums[0][0], kTileRows * kTileColumns), -77);
  function({of.a.data(), count, 4 * rows(of.panel), columns(of.a)},
           of.panel.data(), tile);
  return tile;
}

std::int64_t exact_sum(const Bytes& of, std::size_t i, std::size_t j) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < 4 * rows(of.panel); ++k) {
    sum += std::int64_t{of.a(i, k)} * of.panel(k / 4, 4 * j + k % 4);
  }
  return sum;
}

// All heights, and the rows below left as they were.
void require_exact(const Bytes& of) {
  for (std::size_t count = 1; count <= kTileRows; ++count) {
    const Int8Tile found = product(int8_tile, of, count);
    const Int8Tile plain = product(plain_int8_tile, of, count);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < kTileRows; ++i) {
      for (std::size_t j = 0; j < kTileColumns; ++j) {
        const std::int64_t expected = i < count ? exact_sum(of, i, j) : -77;
        wrong += found.sums[i][j] != expected ? 1 : 0;
        wrong += plain.sums[i][j] != expected ? 1 : 0;
      }
    }
    INFO(count << " rows, inner length " << 4 * rows(of.panel));
    REQUIRE(wrong == 0);
  }
}

}  // namespace

TEST_CASE("sums of products of random bytes are exact", "[int8_tile]") {
  for (const std::size_t inner : kInners) {
    require_exact(random_bytes(inner));
  }
}

TEST_CASE("the largest bytes of both signs don't saturate", "[int8_tile]") {
  // Instructions that add pairs of products in 16 bits would, at 255 · 127 · 2.
  for (const std::size_t inner : kInners) {
    for (const int weight : {-128, -127, -1, 127}) {
      require_exact(equal_bytes(inner, 255, static_cast<std::int8_t>(weight)));
    }
  }
  REQUIRE(product(int8_tile, equal_bytes(4096, 255, 127), 1).sums[0][0] ==
          4096 * 255 * 127);
}

TEST_CASE("activations are unsigned and weights signed", "[int8_tile]") {
  for (const Function function : {&int8_tile, &plain_int8_tile}) {
    REQUIRE(product(function, equal_bytes(4, 200, 1), 1).sums[0][0] == 800);
    REQUIRE(product(function, equal_bytes(4, 1, -100), 1).sums[0][0] == -400);
  }
}

TEST_CASE("int8 tiles of no row and of too many are refused", "[int8_tile]") {
  const Bytes of = equal_bytes(4, 1, 1);
  for (const Function function : {&int8_tile, &plain_int8_tile}) {
    for (const std::size_t count : {std::size_t{0}, kTileRows + 1}) {
      REQUIRE_THROWS_AS(product(function, of, count), std::logic_error);
    }
  }
}
