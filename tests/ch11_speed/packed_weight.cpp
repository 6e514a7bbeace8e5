#include "ch11_speed/packed_weight.hpp"

#include "ch11_speed/panel.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// Whether element (out, in) of a weight is where it should be in its panels,
// and whether the columns after the last output are zeros.
bool is_packed(const Matrix<float>& weight, const PackedWeight& packed) {
  bool right = true;
  for (std::size_t number = 0; number < packed.panels(); ++number) {
    for (std::size_t k = 0; k < packed.in(); ++k) {
      for (std::size_t j = 0; j < kTileColumns; ++j) {
        const std::size_t out = number * kTileColumns + j;
        const float expected = out < rows(weight) ? weight(out, k) : 0.0F;
        const float found = packed.panel(number)[k * kTileColumns + j];
        right = right && found == expected;
      }
    }
  }
  return right;
}

}  // namespace

TEST_CASE("a packed weight holds each number in its panel, and zeros after",
          "[packed_weight]") {
  const PoisonedMemory poisoned;
  for (const std::size_t out : {std::size_t{1}, kTileColumns - 1, kTileColumns,
                                kTileColumns + 1, 3 * kTileColumns + 5}) {
    for (const std::size_t in : {1, 3, 63, 64, 65, 200}) {
      INFO("[" << out << ", " << in << "]");
      const auto weight = random_matrix<float>(out, in, 1);
      const PackedWeight packed(weight);
      REQUIRE(packed.out() == out);
      REQUIRE(packed.in() == in);
      REQUIRE(packed.panels() == panel_count(out));
      REQUIRE(is_packed(weight, packed));
    }
  }
}

TEST_CASE("a packed weight is a copy, the same with any number of threads",
          "[packed_weight][threads]") {
  auto weight = random_matrix<float>(10 * kTileColumns + 3, 50, 1);
  const Matrix<float> before = weight;
  for (const std::size_t threads : {1, 2, 3}) {
    const Threads set(threads);
    const PackedWeight packed(weight);
    weight.fill(0.0F);
    REQUIRE(is_packed(before, packed));
    weight = before;
  }
}

TEST_CASE("as many panels as columns need", "[packed_weight]") {
  REQUIRE(panel_count(0) == 0);
  REQUIRE(panel_count(1) == 1);
  REQUIRE(panel_count(kTileColumns) == 1);
  REQUIRE(panel_count(kTileColumns + 1) == 2);
}

TEST_CASE("a panel's part of a row ends in zeros", "[packed_weight]") {
  const auto bias = random_matrix<float>(1, kTileColumns + 2, 1);
  const auto first = panel_of_row(row(bias, 0), 0);
  const auto last = panel_of_row(row(bias, 0), 1);
  for (std::size_t j = 0; j < kTileColumns; ++j) {
    REQUIRE(first[j] == bias(0, j));
    REQUIRE(last[j] == (j < 2 ? bias(0, kTileColumns + j) : 0.0F));
  }
}

TEST_CASE("a block packed as it stands ends in columns of zeros",
          "[packed_weight]") {
  const PoisonedMemory poisoned;
  const auto matrix = random_matrix<float>(7, 50, 1);
  for (std::size_t width = 1; width <= kTileColumns; ++width) {
    Matrix<float> panel = make_matrix<float>(7, kTileColumns);
    pack_straight({matrix.data() + 2, 7, width, columns(matrix)}, panel.data());
    for (std::size_t k = 0; k < 7; ++k) {
      for (std::size_t j = 0; j < kTileColumns; ++j) {
        REQUIRE(panel(k, j) == (j < width ? matrix(k, j + 2) : 0.0F));
      }
    }
  }
}
