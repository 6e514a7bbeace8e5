#include "ch08_training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "catch.hpp"
#include "ch01_tensor/block_pool.hpp"
#include "ch08_training/epoch_order.hpp"
#include "ch08_training/learning_rate.hpp"
#include "expect_error.hpp"
#include "small_model.hpp"
#include "temporary_folder.hpp"

using namespace distilbert;
using distilbert::testing::Outcome;
using distilbert::testing::same_outcome;
using distilbert::testing::SmallTraining;
using distilbert::testing::train_without_interruption;

TEST_CASE("training visits the batches of every epoch in its order") {
  SmallTraining training;
  std::vector<std::vector<std::size_t>> batches;
  const auto loss = training.task.loss;
  training.task.loss = [&](auto examples, const Context<float>& context) {
    batches.emplace_back(examples.begin(), examples.end());
    return loss(examples, context);
  };
  training.options.epochs = 2;
  train(training.task, training.options, {});
  REQUIRE(batches.size() == 2 * SmallTraining::kStepsPerEpoch);
  CHECK(batches[5].size() == 3);
  for (const std::size_t epoch : {0U, 1U}) {
    std::vector<std::size_t> visited;
    for (std::size_t i = 0; i < SmallTraining::kStepsPerEpoch; ++i) {
      const auto& batch = batches[epoch * SmallTraining::kStepsPerEpoch + i];
      visited.insert(visited.end(), batch.begin(), batch.end());
    }
    CHECK(visited == epoch_order(SmallTraining::kExamples, 42, epoch));
  }
}

TEST_CASE("training uses the order it is given") {
  SmallTraining training;
  std::vector<std::size_t> visited;
  const auto loss = training.task.loss;
  training.task.loss = [&](auto examples, const Context<float>& context) {
    visited.insert(visited.end(), examples.begin(), examples.end());
    return loss(examples, context);
  };
  training.task.order = [](std::size_t epoch) {
    return epoch_order(SmallTraining::kExamples, 1000, 10 + epoch);
  };
  training.options.epochs = 1;
  train(training.task, training.options, {});
  CHECK(visited == epoch_order(SmallTraining::kExamples, 1000, 10));
  training.task.order = [](std::size_t) {
    return std::vector<std::size_t>(SmallTraining::kExamples,
                                    SmallTraining::kExamples);
  };
  CHECK_THROWS_AS(train(training.task, training.options, {}), std::logic_error);
}

TEST_CASE("each step uses the rate of its number, counted from 0") {
  SmallTraining training;
  const std::vector<float> before = training.weights();
  std::vector<std::vector<float>> weights;
  TrainingObserver observer;
  observer.stepped = [&](const StepReport& report) {
    CHECK(report.step == weights.size() + 1);
    CHECK(report.total_steps == 30);
    CHECK(report.epoch == weights.size() / SmallTraining::kStepsPerEpoch);
    weights.push_back(training.weights());
  };
  const TrainingReport report =
      train(training.task, training.options, {}, observer);
  REQUIRE(weights.size() == 30);
  // Three steps of warm-up: the first one has a rate of 0.
  CHECK(weights[0] == before);
  CHECK(weights[1] != before);
  for (std::size_t step = 0; step < 30; ++step) {
    CHECK(report.learning_rates[step] == learning_rate(step, {0.02, 3, 30}));
  }
}

TEST_CASE("the loss is that before the update, and falls") {
  SmallTraining training;
  training.options.dropout = false;
  training.options.batch_size = SmallTraining::kExamples;
  training.options.epochs = 40;
  const float before = training.loss_on_all();
  const TrainingReport report = train(training.task, training.options, {});
  CHECK(report.losses.front() == Approx(before).epsilon(1e-5));
  CHECK(report.losses.back() < 0.3 * before);
  CHECK(training.loss_on_all() < report.losses.back());
}

TEST_CASE("gradients are clipped, and their norm before is reported") {
  SmallTraining training;
  training.options.max_grad_norm = 0;
  const TrainingReport free = train(training.task, training.options, {});
  SmallTraining limited;
  limited.options.max_grad_norm = 1e-3;
  const TrainingReport clipped = train(limited.task, limited.options, {});
  CHECK(free.gradient_norms.front() == clipped.gradient_norms.front());
  CHECK(free.gradient_norms.front() > 0.1);
  // AdamW is nearly blind to the gradients' scale, but not quite.
  CHECK(training.weights() != limited.weights());
}

TEST_CASE("micro batches lead where whole batches lead") {
  SmallTraining whole;
  whole.options.dropout = false;
  train(whole.task, whole.options, {});
  SmallTraining parts;
  parts.options.dropout = false;
  parts.options.micro_batch_size = 3;
  train(parts.task, parts.options, {});
  const auto a = whole.weights();
  const auto b = parts.weights();
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(std::abs(a[i] - b[i]) < 1e-3);
  }
}

TEST_CASE("dropout's randomness is that of the step, and can be turned off") {
  SmallTraining training;
  std::vector<std::uint32_t> steps;
  const auto loss = training.task.loss;
  training.task.loss = [&](auto examples, const Context<float>& context) {
    REQUIRE(context.dropout != nullptr);
    CHECK(context.dropout->seed == 42);
    steps.push_back(context.dropout->step);
    return loss(examples, context);
  };
  training.options.epochs = 2;
  train(training.task, training.options, {});
  CHECK(steps ==
        std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});

  SmallTraining without;
  const auto plain_loss = without.task.loss;
  without.options.dropout = false;
  without.options.epochs = 1;
  without.task.loss = [&](auto examples, const Context<float>& context) {
    CHECK(context.dropout == nullptr);
    return plain_loss(examples, context);
  };
  train(without.task, without.options, {});
}

TEST_CASE("the same run gives the same bits, another seed others") {
  const Outcome once = train_without_interruption();
  CHECK(same_outcome(train_without_interruption(), once));
  SmallTraining other;
  other.options.seed = 43;
  train(other.task, other.options, {});
  CHECK(other.weights() != once.weights);
}

TEST_CASE("the optimizer can be the plain or the fused one") {
  SmallTraining plain;
  plain.options.fused_optimizer = false;
  train(plain.task, plain.options, {});
  const auto a = plain.weights();
  const auto b = train_without_interruption().weights;
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(std::abs(a[i] - b[i]) < 1e-3);
  }
}

TEST_CASE("after its first steps training asks the system for no memory") {
  SmallTraining training;
  training.options.epochs = 10;
  training.task.end_of_epoch = nullptr;
  std::vector<std::uint64_t> allocations;
  TrainingObserver observer;
  observer.stepped = [&](const StepReport&) {
    allocations.push_back(BlockPool::shared().counters().system_allocations);
  };
  const TemporaryFolder folder;
  train(training.task, training.options, folder.path(), observer);
  // The blocks of a whole and of a smaller last batch are known after the first
  // epoch.
  CHECK(allocations.back() == allocations[SmallTraining::kStepsPerEpoch]);
}

TEST_CASE("poisoned memory changes nothing: no value is read before written") {
  const Outcome clean = train_without_interruption();
  BlockPool::shared().set_poisoning(true);
  const Outcome poisoned = train_without_interruption();
  BlockPool::shared().set_poisoning(false);
  CHECK(same_outcome(clean, poisoned));
}

TEST_CASE("a loss that isn't finite stops training and names the step") {
  for (const float bad : {std::nanf(""), 1e30F}) {
    SmallTraining training;
    const auto loss = training.task.loss;
    std::size_t calls = 0;
    training.task.loss = [&](auto examples, const Context<float>& context) {
      if (++calls == 3) {
        training.task.parameters.front()->value->fill(bad);
      }
      return loss(examples, context);
    };
    expect_error([&] { train(training.task, training.options, {}); },
                 {"step 3 of 30", "loss", "gradient norm"});
  }
}

TEST_CASE("options out of range are refused by name") {
  const auto refuse = [](auto change, const char* option) {
    SmallTraining training;
    change(training.options);
    expect_error([&] { train(training.task, training.options, {}); }, {option});
    CHECK_THROWS_AS(train(training.task, training.options, {}), UsageError);
  };
  const double nan = std::nan("");
  refuse([](auto& options) { options.batch_size = 0; }, "--batch-size");
  refuse([](auto& options) { options.learning_rate = -1; }, "--learning-rate");
  refuse([&](auto& options) { options.learning_rate = nan; },
         "--learning-rate");
  refuse([](auto& options) { options.warmup_ratio = 1.5; }, "--warmup-ratio");
  refuse([](auto& options) { options.weight_decay = -0.1; }, "--weight-decay");
  refuse([](auto& options) { options.adam_beta1 = 1; }, "--adam-beta1");
  refuse([](auto& options) { options.adam_beta2 = 1; }, "--adam-beta2");
  refuse([](auto& options) { options.max_grad_norm = -1; }, "--max-grad-norm");
  refuse([](auto& options) { options.epochs = std::size_t{1} << 40U; },
         "--epochs");
}

TEST_CASE("training on no examples is an error") {
  SmallTraining training;
  training.task.examples = 0;
  expect_error([&] { train(training.task, training.options, {}); },
               {"training examples"});
}

TEST_CASE("no epochs train nothing") {
  SmallTraining training;
  training.options.epochs = 0;
  const auto before = training.weights();
  const TrainingReport report = train(training.task, training.options, {});
  CHECK(report.steps == 0);
  CHECK(report.epoch_log.empty());
  CHECK_FALSE(report.interrupted);
  CHECK(training.weights() == before);
}

TEST_CASE("two parameters of one name are refused") {
  SmallTraining training;
  training.task.parameters.push_back(training.task.parameters.front());
  CHECK_THROWS_AS(train(training.task, training.options, {}), std::logic_error);
}
