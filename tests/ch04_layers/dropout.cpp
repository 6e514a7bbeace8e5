#include "ch04_layers/dropout.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

RandomSource source(std::uint64_t seed,
                    RandomPurpose purpose = RandomPurpose::kHiddenDropout,
                    std::uint32_t step = 0,
                    std::uint32_t layer = 0) {
  return RandomSource(seed, purpose, step, layer);
}

std::vector<int> kept(const DropoutMask& mask) {
  return {mask.keep.begin(), mask.keep.end()};
}

double share_kept(const DropoutMask& mask) {
  double sum = 0;
  for (const std::uint8_t keep : mask.keep) {
    sum += keep;
  }
  return sum / static_cast<double>(mask.keep.size());
}

}  // namespace

TEST_CASE("dropout drops at the rate it's told", "[dropout]") {
  for (const double probability : {0.01, 0.1, 0.2, 0.5, 0.9, 0.999}) {
    const auto mask = draw_dropout_mask(1000, 300, probability, source(1));
    // Five standard deviations: once in two million.
    const double tolerance =
        5 * std::sqrt(probability * (1 - probability) / 300000);
    INFO(probability);
    REQUIRE(std::abs(share_kept(mask) - (1 - probability)) < tolerance);
    REQUIRE(mask.scale == Approx(1 / (1 - probability)));
    REQUIRE(*std::ranges::max_element(mask.keep) == 1);
  }
}

TEST_CASE("dropout with probability 0 keeps all", "[dropout]") {
  const auto mask = draw_dropout_mask(100, 30, 0, source(1));
  REQUIRE(share_kept(mask) == 1);
  REQUIRE(mask.scale == 1);
}

TEST_CASE("dropout treats every row and column alike", "[dropout]") {
  const auto mask = draw_dropout_mask(400, 400, 0.5, source(3));
  const double tolerance = 5.5 * std::sqrt(0.25 / 400);  // of 800 shares
  for (std::size_t i = 0; i < 400; ++i) {
    double of_row = 0;
    double of_column = 0;
    for (std::size_t j = 0; j < 400; ++j) {
      of_row += mask.keep[i * 400 + j];
      of_column += mask.keep[j * 400 + i];
    }
    REQUIRE(std::abs(of_row / 400 - 0.5) < tolerance);
    REQUIRE(std::abs(of_column / 400 - 0.5) < tolerance);
  }
}

TEST_CASE("neighbours are dropped independently of each other", "[dropout]") {
  const auto mask = draw_dropout_mask(500, 501, 0.5, source(4));
  const auto at = [&](std::size_t i, std::size_t j) {
    return mask.keep[i * 501 + j] == 0 ? -1.0 : 1.0;
  };
  double along_row = 0;
  double along_column = 0;
  for (std::size_t i = 0; i + 1 < 500; ++i) {
    for (std::size_t j = 0; j + 1 < 501; ++j) {
      along_row += at(i, j) * at(i, j + 1);
      along_column += at(i, j) * at(i + 1, j);
    }
  }
  const double count = 499 * 500;
  REQUIRE(std::abs(along_row / count) < 5 / std::sqrt(count));
  REQUIRE(std::abs(along_column / count) < 5 / std::sqrt(count));
}

TEST_CASE("a mask depends on nothing but its address", "[dropout]") {
  const auto mask = draw_dropout_mask(50, 30, 0.4, source(1));
  REQUIRE(kept(draw_dropout_mask(50, 30, 0.4, source(1))) == kept(mask));
  std::set<std::vector<int>> masks{kept(mask)};
  for (const auto& other :
       {source(2), source(1, RandomPurpose::kEmbeddingDropout),
        source(1, RandomPurpose::kHiddenDropout, 1),
        source(1, RandomPurpose::kHiddenDropout, 0, 1),
        source(std::uint64_t{1} << 32U | 1U)}) {
    masks.insert(kept(draw_dropout_mask(50, 30, 0.4, other)));
  }
  REQUIRE(masks.size() == 6);
}

TEST_CASE("an element's draw doesn't depend on the size of the matrix",
          "[dropout]") {
  const auto large = draw_dropout_mask(50, 131, 0.4, source(1));
  for (const std::size_t columns : {1, 3, 64, 65, 130}) {
    const auto small = draw_dropout_mask(20, columns, 0.4, source(1));
    for (std::size_t i = 0; i < 20; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        REQUIRE(small.keep[i * columns + j] == large.keep[i * 131 + j]);
      }
    }
  }
}

TEST_CASE("a larger probability drops more, never others", "[dropout]") {
  const auto few = draw_dropout_mask(50, 30, 0.1, source(1));
  const auto many = draw_dropout_mask(50, 30, 0.6, source(1));
  for (std::size_t i = 0; i < few.keep.size(); ++i) {
    REQUIRE(many.keep[i] <= few.keep[i]);
  }
}

TEST_CASE("masks are the same for any number of threads", "[dropout]") {
  const auto mask = [](std::size_t threads) {
    const Threads set(threads);
    return kept(draw_dropout_mask(2000, 101, 0.1, source(1)));
  };
  const auto one = mask(1);
  REQUIRE(mask(2) == one);
  REQUIRE(mask(3) == one);
}

TEST_CASE("some rows of a mask are those rows") {
  const auto mask = draw_dropout_mask(20, 30, 0.4, source(1));
  const std::vector<std::size_t> chosen{19, 3, 3};
  const auto some = select_rows(mask, chosen);
  REQUIRE(some.rows == 3);
  REQUIRE(some.columns == 30);
  REQUIRE(some.scale == mask.scale);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t j = 0; j < 30; ++j) {
      REQUIRE(some.keep[i * 30 + j] == mask.keep[chosen[i] * 30 + j]);
    }
  }
  REQUIRE_THROWS_AS(select_rows(mask, std::vector<std::size_t>{20}),
                    std::logic_error);
}

TEMPLATE_TEST_CASE("what dropout keeps grows by 1 / (1 - probability)",
                   "[dropout]",
                   float,
                   double) {
  using T = TestType;
  const auto x = random_matrix<T>(40, 30, 1);
  const auto mask = draw_dropout_mask(40, 30, 0.2, source(1));
  const auto y = dropout(x, mask);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T expected = mask.keep[i] == 0 ? T{0} : T{1.25} * values(x)[i];
    REQUIRE(values(y)[i] == Approx(expected).epsilon(1e-6));
  }
  REQUIRE_THROWS_AS(dropout(zeros<T>(30, 40), mask), std::logic_error);
}

TEMPLATE_TEST_CASE("dropout keeps the mean of its input",
                   "[dropout]",
                   float,
                   double) {
  using T = TestType;
  Matrix<T> ones = make_matrix<T>(1000, 300);
  ones.fill(T{1});
  const auto y = dropout(ones, draw_dropout_mask(1000, 300, 0.3, source(1)));
  double sum = 0;
  for (const T value : values(y)) {
    sum += value;
  }
  const double deviation = std::sqrt(0.3 / 0.7 / 300000);
  REQUIRE(std::abs(sum / 300000 - 1) < 5 * deviation);
}

TEST_CASE("a probability outside [0, 1) is an error", "[dropout]") {
  for (const double probability : {-0.1, 1.0, 1.5, std::nan("")}) {
    INFO(probability);
    REQUIRE_THROWS_AS(draw_dropout_mask(2, 2, probability, source(1)),
                      std::logic_error);
  }
}

TEST_CASE("a dropout probability next to 1 keeps next to nothing",
          "[dropout]") {
  const double nearly_one = std::nextafter(1.0, 0.0);
  const DropoutMask mask =
      draw_dropout_mask(100, 100, nearly_one,
                        RandomSource(1, RandomPurpose::kHiddenDropout, 0, 0));
  std::size_t kept = 0;
  for (const std::uint8_t keep : mask.keep) {
    kept += keep;
  }
  REQUIRE(kept == 0);
  REQUIRE_THROWS_AS(
      draw_dropout_mask(1, 1, 1.0,
                        RandomSource(1, RandomPurpose::kHiddenDropout, 0, 0)),
      std::logic_error);
}
