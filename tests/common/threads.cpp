#include "common/threads.hpp"

#include <stdexcept>
#include <vector>

#include "catch.hpp"
#include "common/share_out.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

TEST_CASE("shares are consecutive, complete and even", "[threads]") {
  for (std::size_t count = 0; count < 40; ++count) {
    for (std::size_t shares = 1; shares < 9; ++shares) {
      std::size_t next = 0;
      for (std::size_t index = 0; index < shares; ++index) {
        const auto [begin, end] = share_out(count, shares, index);
        REQUIRE(begin == next);
        REQUIRE(end - begin >= count / shares);
        REQUIRE(end - begin <= count / shares + 1);
        next = end;
      }
      REQUIRE(next == count);
    }
  }
}

TEST_CASE("parallel_for does each item once, for any number of threads",
          "[threads]") {
  const std::size_t before = thread_count();
  for (const std::size_t threads : {1U, 2U, 5U}) {
    set_thread_count(threads);
    REQUIRE(thread_count() == threads);
    for (const std::size_t count : {0U, 1U, 2U, 3U, 1000U}) {
      std::vector<int> done(count, 0);
      for (int round = 0; round < 50; ++round) {
        parallel_for(count, 1, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) {
            ++done[i];
          }
        });
      }
      REQUIRE(done == std::vector<int>(count, 50));
    }
  }
  set_thread_count(before);
}

TEST_CASE("a parallel_for inside another runs on its caller's thread",
          "[threads]") {
  const std::size_t before = thread_count();
  set_thread_count(3);
  std::vector<int> done(90, 0);
  parallel_for(3, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      parallel_for(30, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
          ++done[part * 30 + i];
        }
      });
    }
  });
  set_thread_count(before);
  REQUIRE(done == std::vector<int>(90, 1));
}

TEST_CASE("an exception in a part reaches the caller, and the pool goes on",
          "[threads]") {
  const std::size_t before = thread_count();
  set_thread_count(2);
  const auto fail_in_second = [](std::size_t begin, std::size_t /*end*/) {
    if (begin > 0) {
      throw std::runtime_error("from a worker");
    }
  };
  REQUIRE_THROWS_WITH(parallel_for(2, 1, fail_in_second), "from a worker");
  int calls = 0;
  parallel_for(1, 1, [&](std::size_t, std::size_t) { ++calls; });
  REQUIRE(calls == 1);
  set_thread_count(before);
}
