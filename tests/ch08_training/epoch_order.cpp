#include "ch08_training/epoch_order.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "catch.hpp"

using namespace distilbert;

TEST_CASE("an epoch visits every example once") {
  for (const std::size_t examples : {0U, 1U, 2U, 3U, 1000U}) {
    std::vector<std::size_t> order = epoch_order(examples, 42, 3);
    std::vector<std::size_t> expected(examples);
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    if (examples == 1000) {
      CHECK(order != expected);
    }
    std::ranges::sort(order);
    CHECK(order == expected);
  }
}

TEST_CASE("the order depends on seed and epoch, and on nothing else") {
  const auto order = epoch_order(100, 42, 0);
  CHECK(epoch_order(100, 42, 0) == order);
  CHECK(epoch_order(100, 42, 1) != order);
  CHECK(epoch_order(100, 43, 0) != order);
  CHECK(epoch_order(100, 42 + (std::uint64_t{1} << 32U), 0) != order);
}

TEST_CASE("every order of four examples is as likely as the others") {
  constexpr std::size_t kEpochs = 24'000;
  std::map<std::vector<std::size_t>, std::size_t> counts;
  for (std::size_t epoch = 0; epoch < kEpochs; ++epoch) {
    ++counts[epoch_order(4, 7, epoch)];
  }
  REQUIRE(counts.size() == 24);
  double chi_squared = 0;
  for (const auto& [order, count] : counts) {
    const double difference = static_cast<double>(count) - 1000;
    chi_squared += difference * difference / 1000;
  }
  // 23 degrees of freedom: mean 23, one in a thousand above 49.7.
  CHECK(chi_squared < 49.7);
}
