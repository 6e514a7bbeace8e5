#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch08_training/checkpoint.hpp"
#include "ch08_training/trainer.hpp"
#include "common/temporary_file.hpp"
#include "expect_error.hpp"
#include "small_model.hpp"
#include "temporary_folder.hpp"

using namespace distilbert;
using distilbert::testing::Outcome;
using distilbert::testing::same_outcome;
using distilbert::testing::SmallTraining;
using distilbert::testing::train_without_interruption;

namespace {

// Trains from new until it has made so many steps; each call is what a new
// process would do.
TrainingReport train_some_steps(const std::filesystem::path& folder,
                                std::size_t most,
                                double checkpoint_seconds = 0) {
  SmallTraining training;
  training.options.checkpoint_seconds = checkpoint_seconds;
  std::size_t steps = 0;
  return train(training.task, training.options, folder, {},
               [&] { return ++steps == most; });
}

}  // namespace

TEST_CASE("a run that was stopped after any step ends with the same bits") {
  const Outcome expected = train_without_interruption();
  for (std::size_t stop = 1; stop <= 30; ++stop) {
    const TemporaryFolder folder;
    const TrainingReport first = train_some_steps(folder.path(), stop, 1e9);
    CHECK(first.interrupted);
    CHECK(first.steps == stop);
    SmallTraining rest;
    rest.options.checkpoint_seconds = 1e9;
    std::size_t steps_done = 0;
    TrainingObserver observer;
    observer.started = [&](std::size_t done, std::size_t total) {
      steps_done = done;
      CHECK(total == 30);
    };
    const TrainingReport report =
        train(rest.task, rest.options, folder.path(), observer);
    CHECK(steps_done == stop);
    CHECK_FALSE(report.interrupted);
    CHECK(same_outcome({rest.weights(), report}, expected));
  }
}

TEST_CASE("a run that was stopped after every step ends with the same bits") {
  const TemporaryFolder folder;
  TrainingReport report;
  for (std::size_t i = 0; i < 30; ++i) {
    CHECK(train_some_steps(folder.path(), 1).interrupted);
  }
  SmallTraining last;
  report = train(last.task, last.options, folder.path());
  CHECK(same_outcome({last.weights(), report}, train_without_interruption()));
}

TEST_CASE("when checkpoints are written doesn't change the bits") {
  const Outcome expected = train_without_interruption();
  for (const double seconds : {0.0, 1e-3, 1e9}) {
    const TemporaryFolder folder;
    SmallTraining training;
    training.options.checkpoint_seconds = seconds;
    const TrainingReport report =
        train(training.task, training.options, folder.path());
    CHECK(same_outcome({training.weights(), report}, expected));
    CHECK(folder.entries() == 1);
  }
}

TEST_CASE("the folder of a run is made, and holds one file") {
  const TemporaryFolder folder;
  train_some_steps(folder.path() / "a" / "b", 3);
  CHECK(std::filesystem::exists(folder.path() / "a" / "b" / kCheckpointName));
}

TEST_CASE("a finished run that is started again does nothing") {
  const TemporaryFolder folder;
  SmallTraining training;
  const TrainingReport first =
      train(training.task, training.options, folder.path());
  const auto file = folder.path() / kCheckpointName;
  const std::string content = read_file(file);
  const auto written = std::filesystem::last_write_time(file);
  SmallTraining again;
  again.task.loss = [](auto, const auto&) -> Variable<float> {
    throw std::runtime_error("trained again");
  };
  again.task.end_of_epoch = [](std::size_t) -> std::string {
    throw std::runtime_error("evaluated again");
  };
  const TrainingReport second = train(again.task, again.options, folder.path());
  CHECK(same_outcome({again.weights(), second}, {training.weights(), first}));
  CHECK(read_file(file) == content);
  CHECK(std::filesystem::last_write_time(file) == written);
}

TEST_CASE("a finished run keeps no optimizer state") {
  const TemporaryFolder folder;
  SmallTraining training;
  train_some_steps(folder.path(), 29);
  const auto file = folder.path() / kCheckpointName;
  const auto size_before = std::filesystem::file_size(file);
  train(training.task, training.options, folder.path());
  CHECK(std::filesystem::file_size(file) < size_before);
}

TEST_CASE("another run in the same folder is an error that says what differs") {
  const TemporaryFolder folder;
  train_some_steps(folder.path(), 3);
  const auto refuse = [&](auto change, const std::string& difference) {
    SmallTraining other;
    const auto before = other.weights();
    change(other);
    expect_error([&] { train(other.task, other.options, folder.path()); },
                 {kCheckpointName, difference});
    CHECK(other.weights() == before);
  };
  refuse([](auto& run) { run.options.learning_rate = 3e-5; },
         "learning-rate is 0.02 there and 3e-05 here");
  refuse([](auto& run) { run.options.seed = 7; }, "seed is 42 there and 7");
  refuse([](auto& run) { run.options.epochs = 6; }, "epochs is 5 there and 6");
  refuse([](auto& run) { run.options.dropout = false; },
         "dropout is true there and false");
  refuse([](auto& run) { run.task.identity = {{"task", "large"}}; },
         "task is small there and large here");
  refuse([](auto& run) { run.task.identity.clear(); },
         "task is small there and unset here");
  refuse([](auto& run) { run.task.identity.emplace_back("teacher", "big"); },
         "teacher is unset there and big here");
  refuse([](auto& run) { run.task.examples = 20; },
         "training examples is 23 there and 20 here");
}

TEST_CASE("an identity that isn't UTF-8 is still recognised") {
  const TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    SmallTraining training;
    training.task.identity = {{"model", "caf\xe9/b"}};
    CHECK_NOTHROW(train(training.task, training.options, folder.path()));
  }
}

TEST_CASE("a checkpoint that is damaged is an error that names the file") {
  const TemporaryFolder folder;
  train_some_steps(folder.path(), 3);
  const std::string content = read_file(folder.path() / kCheckpointName);
  const auto refuse = [&](const std::string& damaged) {
    folder.write(kCheckpointName, damaged);
    SmallTraining training;
    expect_error([&] { train(training.task, training.options, folder.path()); },
                 {kCheckpointName});
  };
  refuse("");
  refuse(content.substr(0, content.size() / 2));
  refuse(content.substr(0, content.size() - 1));
  const auto replace = [&](const std::string& from, const std::string& to) {
    REQUIRE(from.size() == to.size());
    std::string damaged = content;
    const std::size_t at = damaged.find(from);
    REQUIRE(at != std::string::npos);
    refuse(damaged.replace(at, from.size(), to));
  };
  replace("\"training\":", "\"drawings\":");
  replace("\"losses\"", "\"lasses\"");
  replace("\"layer.dense.weight\"", "\"layer.dance.weight\"");
  replace("\\\"step\\\":3", "\\\"step\\\":4");
  replace("\\\"step\\\":3", "\\\"step\\\":x");
  replace("[10,6]", "[6,10]");
}

TEST_CASE("a stop is heard before the end of an epoch is waited for") {
  const TemporaryFolder folder;
  SmallTraining training;
  std::size_t steps = 0;
  const TrainingReport report =
      train(training.task, training.options, folder.path(), {},
            [&] { return ++steps == SmallTraining::kStepsPerEpoch; });
  CHECK(report.interrupted);
  CHECK(report.epoch_log.empty());
  CHECK(report.steps == SmallTraining::kStepsPerEpoch);
}

TEST_CASE("files that killed runs left behind are removed") {
  const TemporaryFolder folder;
  train_some_steps(folder.path(), 3);
  const auto left = temporary_name(folder.path() / kCheckpointName, 1);
  folder.write(left.filename().string(), "half");
  train_some_steps(folder.path(), 1);
  CHECK_FALSE(std::filesystem::exists(left));
}
