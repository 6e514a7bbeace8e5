#include <cmath>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "ch01_tensor/tensor.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

TEST_CASE("a block that comes back is handed out again", "[memory]") {
  BlockPool pool;
  void* const first = pool.take(1000);
  pool.give_back(first, 1000);
  void* const second = pool.take(990);
  REQUIRE(second == first);
  REQUIRE(pool.counters().blocks_taken == 2);
  REQUIRE(pool.counters().system_allocations == 1);
  pool.give_back(second, 990);
  REQUIRE(pool.counters().bytes_in_use == 0);
  REQUIRE(pool.counters().bytes_held >= 1000);
  pool.release_unused();
  REQUIRE(pool.counters().bytes_held == 0);
}

TEST_CASE("a block twice too large is kept for somebody else", "[memory]") {
  BlockPool pool;
  void* const large = pool.take(1 << 20U);
  pool.give_back(large, 1 << 20U);
  void* const small = pool.take(64);
  REQUIRE(small != large);
  pool.give_back(small, 64);
}

TEST_CASE("blocks begin at a cache line", "[memory]") {
  for (std::size_t n = 1; n < 300; n += 7) {
    const auto matrix = make_matrix<float>(1, n);
    REQUIRE(reinterpret_cast<std::uintptr_t>(matrix.data()) %
                BlockPool::kAlignment ==
            0);
  }
}

TEST_CASE("poisoned blocks hold NaN until they are written", "[memory]") {
  BlockPool::shared().set_poisoning(/*on=*/true);
  const auto floats = make_matrix<float>(3, 5);
  const auto doubles = make_matrix<double>(3, 5);
  BlockPool::shared().set_poisoning(/*on=*/false);
  for (std::size_t i = 0; i < floats.size(); ++i) {
    REQUIRE(std::isnan(values(floats)[i]));
    REQUIRE(std::isnan(values(doubles)[i]));
  }
}

TEST_CASE("a borrowed matrix shares its memory, and its copy doesn't",
          "[memory]") {
  const auto owner = std::make_shared<std::vector<float>>(6, 1.0F);
  const std::weak_ptr<std::vector<float>> alive = owner;
  auto borrowed = borrow_matrix<float>(std::span(*owner), 2, 3, owner);
  Matrix<float> copy = borrowed;
  borrowed(1, 2) = 7;
  REQUIRE((*owner)[5] == 7);
  REQUIRE(copy(1, 2) == 1);
  Matrix<float> moved = std::move(borrowed);
  REQUIRE(moved(1, 2) == 7);
  REQUIRE(moved.data() == owner->data());
  REQUIRE(alive.use_count() == 2);
}

TEST_CASE("rows and values are views of the matrix", "[memory]") {
  auto matrix = zeros<double>(2, 3);
  row(matrix, 1)[2] = 5;
  REQUIRE(matrix(1, 2) == 5);
  REQUIRE(values(matrix)[5] == 5);
  REQUIRE(rows(matrix) == 2);
  REQUIRE(columns(matrix) == 3);
  REQUIRE(scalar(3.0)(0, 0) == 3.0);
}
