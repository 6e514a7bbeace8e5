#include "ch08_training/checkpoint_timer.hpp"

#include <chrono>
#include <thread>

#include "catch.hpp"

using namespace distilbert;

TEST_CASE("without a pause a checkpoint is due after every step") {
  CheckpointTimer timer(0);
  CHECK(timer.due());
  timer.writing_begins();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  timer.writing_ended();
  CHECK(timer.due());
}

TEST_CASE("a checkpoint is due when its seconds have passed") {
  CHECK_FALSE(CheckpointTimer(1e9).due());
  const CheckpointTimer timer(0.005);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(timer.due());
}

TEST_CASE("a checkpoint that took long is followed by a long pause") {
  CheckpointTimer timer(0.001);
  timer.writing_begins();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  timer.writing_ended();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  // Fifty times 0.2 s are ten seconds.
  CHECK_FALSE(timer.due());
}
