#include "ch11_speed/quantized_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// What a byte stands for.
double restored(const QuantizedRows& q, std::size_t i, std::size_t j) {
  return static_cast<double>(q.minimums(0, i)) +
         static_cast<double>(q.scales(0, i)) * q.bytes(i, j);
}

// Half a step, and a little for the roundings of the step itself: 255 steps of
// three roundings each are 5e-5 of a step.
void require_half_a_step(const Matrix<float>& x) {
  const QuantizedRows q = quantize_rows(x);
  for (std::size_t i = 0; i < rows(x); ++i) {
    const double bound = static_cast<double>(q.scales(0, i)) * (0.5 + 1e-4);
    double worst = 0;
    for (std::size_t j = 0; j < columns(x); ++j) {
      worst = std::max(worst, std::abs(restored(q, i, j) - x(i, j)));
    }
    INFO("row " << i << " of " << columns(x) << " numbers, off by " << worst
                << ", a step is " << q.scales(0, i));
    REQUIRE(worst <= bound);
  }
}

}  // namespace

TEST_CASE("a number moves by half a step at most", "[quantize_rows]") {
  for (const std::size_t width : {2, 3, 64, 385, 3072}) {
    auto x = random_matrix<float>(40, width, 1);
    for (std::size_t i = 0; i < rows(x); ++i) {
      // Rows of all sizes, far from zero on either side, and one outlier.
      const auto of = row(x, i);
      const float size = std::ldexp(1.0F, static_cast<int>(i) - 20);
      const float shift = i % 3 == 0 ? 0.0F : (i % 3 == 1 ? 30.0F : -30.0F);
      for (float& value : of) {
        value = (value + shift) * size;
      }
      if (i % 5 == 0) {
        of.back() *= 1000.0F;
      }
    }
    require_half_a_step(x);
  }
}

TEST_CASE("a row's smallest number is 0 and its largest 255",
          "[quantize_rows]") {
  const auto x = random_matrix<float>(50, 30, 1);
  const QuantizedRows q = quantize_rows(x);
  for (std::size_t i = 0; i < rows(x); ++i) {
    const auto of = row(x, i);
    const auto smallest = std::ranges::min_element(of) - of.begin();
    const auto largest = std::ranges::max_element(of) - of.begin();
    REQUIRE(q.bytes(i, static_cast<std::size_t>(smallest)) == 0);
    REQUIRE(q.bytes(i, static_cast<std::size_t>(largest)) == 255);
    REQUIRE(q.minimums(0, i) == of[static_cast<std::size_t>(smallest)]);
  }
}

TEST_CASE("a number halfway between two steps goes to the upper one",
          "[quantize_rows]") {
  const QuantizedRows q =
      quantize_rows({{-3.0F, 252.0F, 0.0F, 0.5F, 0.49F, 1.0F}});
  REQUIRE(q.scales(0, 0) == 1.0F);
  REQUIRE(std::vector<int>(row(q.bytes, 0).begin(), row(q.bytes, 0).end()) ==
          std::vector<int>{0, 255, 3, 4, 3, 4, 0, 0});
}

TEST_CASE("a row of equal numbers is exact", "[quantize_rows]") {
  for (const float number : {0.0F, -0.0F, 1e-38F, -3.7F, 3e38F}) {
    Matrix<float> x = make_matrix<float>(2, 7);
    x.fill(number);
    const QuantizedRows q = quantize_rows(x);
    REQUIRE(q.scales(0, 1) == 0.0F);
    for (std::size_t j = 0; j < 7; ++j) {
      REQUIRE(q.bytes(1, j) == 0);
      REQUIRE(restored(q, 1, j) == number);
    }
  }
}

TEST_CASE("a row is filled up with zeros to a multiple of four",
          "[quantize_rows]") {
  const PoisonedMemory poisoned;
  for (std::size_t width = 1; width <= 9; ++width) {
    const QuantizedRows q = quantize_rows(random_matrix<float>(3, width, 1));
    REQUIRE(columns(q.bytes) % 4 == 0);
    REQUIRE(columns(q.bytes) < width + 4);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = width; j < columns(q.bytes); ++j) {
        REQUIRE(q.bytes(i, j) == 0);
      }
    }
  }
}

TEST_CASE("a row's bytes don't depend on other rows or on threads",
          "[quantize_rows][threads]") {
  const auto x = random_matrix<float>(200, 301, 1);
  const QuantizedRows all = quantize_rows(x);
  for (const std::size_t threads : {1, 2, 3}) {
    const Threads set(threads);
    const QuantizedRows again = quantize_rows(x);
    REQUIRE(same_bits(again.bytes, all.bytes));
    REQUIRE(same_bits(again.scales, all.scales));
    REQUIRE(same_bits(again.minimums, all.minimums));
  }
  Matrix<float> one = make_matrix<float>(1, 301);
  std::ranges::copy(row(x, 77), row(one, 0).begin());
  const QuantizedRows alone = quantize_rows(one);
  REQUIRE(std::ranges::equal(row(alone.bytes, 0), row(all.bytes, 77)));
  REQUIRE(alone.scales(0, 0) == all.scales(0, 77));
}

TEST_CASE("no rows are no bytes", "[quantize_rows]") {
  REQUIRE(rows(quantize_rows(zeros<float>(0, 8)).bytes) == 0);
}

TEST_CASE("infinities and NaNs aren't lost", "[quantize_rows]") {
  // So that what is computed from the row isn't finite either.
  for (const Matrix<float>& x :
       {Matrix<float>{{1.0F, kInfinity, 2.0F}},
        Matrix<float>{{1.0F, -kInfinity, 2.0F}},
        Matrix<float>{{kNan, 1.0F, 2.0F}}, Matrix<float>{{1.0F, kNan, 2.0F}},
        Matrix<float>{{-3e38F, 3e38F, 2.0F}}}) {
    REQUIRE_FALSE(std::isfinite(quantize_rows(x).scales(0, 0)));
  }
}

TEST_CASE("a range too small to divide by moves a number by no more than it",
          "[quantize_rows]") {
  const Matrix<float> x{{0.0F, 1e-37F, 5e-38F}};
  const QuantizedRows q = quantize_rows(x);
  for (std::size_t j = 0; j < 3; ++j) {
    REQUIRE(std::abs(restored(q, 0, j) - x(0, j)) <= 1e-37);
  }
}
