// kill -9: training runs in a process of its own, which is this test program
// once more, and is killed at all kinds of moments.

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "catch.hpp"
#include "ch08_training/checkpoint.hpp"
#include "ch08_training/trainer.hpp"
#include "common/safetensors.hpp"
#include "small_model.hpp"
#include "temporary_folder.hpp"

using namespace distilbert;
using distilbert::testing::Outcome;
using distilbert::testing::same_outcome;
using distilbert::testing::SmallTraining;
using distilbert::testing::train_without_interruption;

namespace {

namespace fs = std::filesystem;

constexpr const char* kChildTest = "a child process trains in a folder";
constexpr const char* kFolder = "DISTILBERT_TEST_FOLDER";
constexpr const char* kDieAt = "DISTILBERT_TEST_DIE_AT";
constexpr const char* kSeconds = "DISTILBERT_TEST_CHECKPOINT_SECONDS";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void die_if(bool now) {
  if (now) {
    ::kill(::getpid(), SIGKILL);
  }
}

// Starts the child and returns its process id. `die_at` is "" or a moment at
// which it kills itself: "loss 7", "epoch 2".
pid_t start_child(const fs::path& folder,
                  const std::string& die_at,
                  const std::string& checkpoint_seconds) {
  ::setenv(kFolder, folder.c_str(), 1);
  ::setenv(kDieAt, die_at.c_str(), 1);
  ::setenv(kSeconds, checkpoint_seconds.c_str(), 1);
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::execl(program.c_str(), program.c_str(), kChildTest, "--out", "/dev/null",
            static_cast<char*>(nullptr));
    ::_exit(127);
  }
  return child;
}

// True where the child was killed, false where it came to its end.
bool was_killed(pid_t child) {
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status)) {
    CHECK(WTERMSIG(status) == SIGKILL);
    return true;
  }
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

// What the file under its final name holds must be whole at any moment.
void check_that_checkpoint_is_whole(const fs::path& folder) {
  const fs::path file = folder / kCheckpointName;
  if (fs::exists(file)) {
    CHECK_NOTHROW(SafetensorsFile::open(file));
  }
}

// The finished run's outcome, as the next start of the same command finds it.
Outcome read_outcome(const fs::path& folder) {
  SmallTraining training;
  training.task.loss = [](auto, const auto&) -> Variable<float> {
    throw std::runtime_error("the run was not finished");
  };
  TrainingReport report = train(training.task, training.options, folder);
  return {training.weights(), std::move(report)};
}

// Waits until the child has written another checkpoint, or has ended.
void wait_for_checkpoint(const fs::path& folder, pid_t child) {
  const fs::path file = folder / kCheckpointName;
  const auto written = [&] {
    std::error_code none_yet;
    return fs::last_write_time(file, none_yet);
  };
  const auto before = written();
  siginfo_t ended{};
  while (written() == before && ended.si_pid == 0) {
    ::waitid(P_PID, static_cast<id_t>(child), &ended,
             WEXITED | WNOHANG | WNOWAIT);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

// How long an undisturbed child goes on after its first checkpoint.
std::chrono::microseconds time_after_first_checkpoint() {
  const TemporaryFolder folder;
  const pid_t child = start_child(folder.path(), "", "0");
  wait_for_checkpoint(folder.path(), child);
  const auto start = std::chrono::steady_clock::now();
  REQUIRE_FALSE(was_killed(child));
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
}

}  // namespace

TEST_CASE("a child process trains in a folder", "[.]") {
  SmallTraining training;
  training.options.checkpoint_seconds = std::stod(variable(kSeconds));
  const std::string die_at = variable(kDieAt);
  const auto loss = training.task.loss;
  training.task.loss = [&](auto examples, const Context<float>& context) {
    die_if(die_at == fmt::format("loss {}", context.dropout->step));
    return loss(examples, context);
  };
  const auto end_of_epoch = training.task.end_of_epoch;
  training.task.end_of_epoch = [&](std::size_t epoch) {
    die_if(die_at == fmt::format("epoch {}", epoch));
    return end_of_epoch(epoch);
  };
  train(training.task, training.options, variable(kFolder));
}

TEST_CASE("kill -9 at chosen moments doesn't change the final bits") {
  const Outcome expected = train_without_interruption();
  // With a checkpoint after each step, and at the ends of epochs only.
  for (const char* seconds : {"0", "1e9"}) {
    const TemporaryFolder folder;
    for (const char* moment : {"loss 0", "loss 1", "loss 7", "epoch 1",
                               "loss 12", "loss 17", "epoch 4"}) {
      CHECK(was_killed(start_child(folder.path(), moment, seconds)));
      check_that_checkpoint_is_whole(folder.path());
    }
    CHECK_FALSE(was_killed(start_child(folder.path(), "", seconds)));
    CHECK(same_outcome(read_outcome(folder.path()), expected));
    CHECK(folder.entries() == 1);
  }
}

TEST_CASE("kill -9 at random moments doesn't change the final bits") {
  const Outcome expected = train_without_interruption();
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  // A part of a run's length, so that on a machine of any speed a run is killed
  // several times before it is through.
  std::uniform_int_distribution<std::int64_t> microseconds(
      0, time_after_first_checkpoint().count() / 4);
  int kills = 0;
  for (int round = 0; round < 3 || kills < 6; ++round) {
    REQUIRE(round < 30);
    const TemporaryFolder folder;
    bool killed = true;
    while (killed) {
      const pid_t child = start_child(folder.path(), "", "0");
      wait_for_checkpoint(folder.path(), child);
      std::this_thread::sleep_for(
          std::chrono::microseconds(microseconds(random)));
      ::kill(child, SIGKILL);
      killed = was_killed(child);
      kills += killed ? 1 : 0;
      check_that_checkpoint_is_whole(folder.path());
    }
    CHECK(same_outcome(read_outcome(folder.path()), expected));
    CHECK(folder.entries() == 1);
  }
}
