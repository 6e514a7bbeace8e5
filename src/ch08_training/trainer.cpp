#include "ch08_training/trainer.hpp"

#include <limits>
#include <set>
#include <string>

#include "ch08_training/training_run.hpp"

namespace distilbert {
namespace {

void require_distinct_names(
    const std::vector<ParameterPtr<float>>& parameters) {
  std::set<std::string> names;
  for (const ParameterPtr<float>& parameter : parameters) {
    require(names.insert(parameter->name).second, "parameter {} is there twice",
            parameter->name);
  }
}

// The number of a step is part of dropout's random numbers, in 32 bits.
void require_few_steps(const TrainingTask& task,
                       const TrainingOptions& options) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  const std::size_t steps_per_epoch =
      (task.examples - 1) / options.batch_size + 1;
  if (options.epochs > kMost / steps_per_epoch) {
    throw UsageError(
        fmt::format("--epochs: {} epochs of {} steps are more than {} steps",
                    options.epochs, steps_per_epoch, kMost));
  }
}

}  // namespace

// --8<-- [start:train]
TrainingReport train(const TrainingTask& task,
                     const TrainingOptions& options,
                     const std::filesystem::path& state_folder,
                     const TrainingObserver& observer,
                     const std::function<bool()>& stop_requested) {
  check_training_options(options);
  require_distinct_names(task.parameters);
  if (task.examples == 0) {
    fail("expected training examples, found none");
  }
  require_few_steps(task, options);
  TrainingRun run(task, options, state_folder, observer);
  run.start();
  while (true) {
    run.end_epoch_if_due();
    if (run.finished()) {
      return run.report(/*interrupted=*/false);
    }
    run.save_if_due();
    run.step();
    if (stop_requested && stop_requested()) {
      run.save();
      return run.report(/*interrupted=*/true);
    }
  }
}

// --8<-- [end:train]

}  // namespace distilbert
