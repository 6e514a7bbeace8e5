#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ch08_training/accumulate_micro_batches.hpp"
#include "ch08_training/training_options.hpp"

namespace distilbert {

/// What is trained. The trainer knows neither models nor data.
struct TrainingTask {
  /// Names differ. They are changed in place.
  std::vector<ParameterPtr<float>> parameters;
  std::size_t examples = 0;  ///< number of training examples
  BatchLoss<float> loss;
  /// Called when an epoch (0, 1, ...) has ended, to evaluate say; its text is
  /// kept in the report. May be empty. Like `loss` it must give the same result
  /// when it is called again, in a run that was interrupted and resumed.
  std::function<std::string(std::size_t epoch)> end_of_epoch;
  /// The order of an epoch's examples in place of epoch_order(): a permutation.
  /// May be empty.
  std::function<std::vector<std::size_t>(std::size_t epoch)> order;
  /// What makes this run another one than the next, the options apart: task,
  /// data, initial model, loss. Compared when a run is resumed.
  TrainingIdentity identity;
};

/// One step that is done.
struct StepReport {
  std::size_t step = 0;         ///< steps done, this one included
  std::size_t total_steps = 0;  ///< in all epochs
  std::size_t epoch = 0;        ///< from 0
  double loss = 0;              ///< of its batch, before the update
  double learning_rate = 0;
  double gradient_norm = 0;  ///< before clipping
  double seconds = 0;        ///< that the step took
};

/// Who is told how training goes; each function may be empty.
struct TrainingObserver {
  /// Once, with the steps already done by an earlier call on the same folder.
  std::function<void(std::size_t steps_done, std::size_t total_steps)> started;
  std::function<void(const StepReport& report)> stepped;
  /// With the text of end_of_epoch.
  std::function<void(std::size_t epoch, const std::string& text)> epoch_ended;
};

/// How training went, from its first step on, however often it was resumed.
struct TrainingReport {
  std::size_t steps = 0;               ///< done so far
  std::size_t total_steps = 0;         ///< of the whole run
  std::vector<double> losses;          ///< [steps]
  std::vector<double> learning_rates;  ///< [steps]
  std::vector<double> gradient_norms;  ///< [steps], before clipping
  std::vector<std::string> epoch_log;  ///< texts of end_of_epoch
  /// True where it stopped because it was asked to. All is saved, and the same
  /// call goes on from there.
  bool interrupted = false;
};

/// The name of the file in a state folder that train() keeps.
inline constexpr const char* kCheckpointName = "training.safetensors";

/// Trains: per step forward, loss, backward, clip, AdamW with the linear
/// schedule's rate, in the order of the reference's Trainer (transformers
/// 5.23.0); the last batch of an epoch may be smaller. The parameters end up
/// trained, also when the run had been finished before.
///
/// State is kept in `state_folder`, which is made where it doesn't exist; an
/// empty path keeps none. The same call on the same folder goes on where the
/// last one stopped, killed or not, and ends with the same bits (on the same
/// machine, kernel and number of threads). The caller must have the folder for
/// itself (FolderLock), since what killed runs left behind is removed. A
/// finished run is kept without the optimizer's state.
///
/// `stop_requested` is asked after each step; it may be empty. Dropout and
/// batch order are functions of seed and step.
///
/// Throws UsageError for options out of range; Error where there are no
/// examples, where the folder holds another run (naming the first difference)
/// or can't be written, and where loss or gradients are no longer finite,
/// naming the step.
TrainingReport train(const TrainingTask& task,
                     const TrainingOptions& options,
                     const std::filesystem::path& state_folder,
                     const TrainingObserver& observer = {},
                     const std::function<bool()>& stop_requested = {});

}  // namespace distilbert
