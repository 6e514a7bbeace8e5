#include "ch08_training/learning_rate.hpp"

#include <cstddef>
#include <vector>

#include "catch.hpp"

using namespace distilbert;

TEST_CASE("the rate climbs from 0 to its base and falls back to 0") {
  const LinearSchedule schedule{5e-4, 2, 5};
  const std::vector<double> expected = {0,        2.5e-4, 5e-4, 5e-4 * 2 / 3,
                                        5e-4 / 3, 0,      0};
  for (std::size_t step = 0; step < expected.size(); ++step) {
    CHECK(learning_rate(step, schedule) ==
          Approx(expected[step]).epsilon(1e-14).margin(0));
  }
}

TEST_CASE("without warm-up the first step has the whole rate") {
  const LinearSchedule schedule{4.0, 0, 4};
  CHECK(learning_rate(0, schedule) == 4);
  CHECK(learning_rate(1, schedule) == 3);
  CHECK(learning_rate(3, schedule) == 1);
  CHECK(learning_rate(4, schedule) == 0);
}

TEST_CASE("a warm-up as long as the training never decays") {
  const LinearSchedule schedule{4.0, 4, 4};
  CHECK(learning_rate(0, schedule) == 0);
  CHECK(learning_rate(3, schedule) == 3);
  CHECK(learning_rate(4, schedule) == 0);
}

TEST_CASE("a schedule of no steps has no rate") {
  CHECK(learning_rate(0, {4.0, 0, 0}) == 0);
}

TEST_CASE("a share of warm-up is rounded up to whole steps") {
  CHECK(make_linear_schedule(1, 0, 100).warmup_steps == 0);
  CHECK(make_linear_schedule(1, 0.06, 100).warmup_steps == 6);
  CHECK(make_linear_schedule(1, 0.1, 101).warmup_steps == 11);
  CHECK(make_linear_schedule(1, 1e-6, 7).warmup_steps == 1);
  CHECK(make_linear_schedule(1, 1, 7).warmup_steps == 7);
  CHECK(make_linear_schedule(0.5, 1, 7).base == 0.5);
  CHECK(make_linear_schedule(0.5, 1, 7).total_steps == 7);
}
