#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <vector>

#include "ch08_training/checkpoint.hpp"
#include "ch08_training/checkpoint_timer.hpp"
#include "ch08_training/learning_rate.hpp"
#include "ch08_training/trainer.hpp"

namespace distilbert {

/// One call of train(), taken apart. Task, options and observer are the
/// caller's and must outlive it.
class TrainingRun {
 public:
  /// Options must have been checked, and the task must have examples.
  TrainingRun(const TrainingTask& task,
              const TrainingOptions& options,
              std::filesystem::path state_folder,
              const TrainingObserver& observer);

  /// Goes back to where the folder's checkpoint stands, if there is one.
  void start();

  /// True when all steps are done and all epochs have ended.
  [[nodiscard]] bool finished() const;

  /// One update, from batch to AdamW. There must be one left.
  void step();

  /// Calls end_of_epoch where an epoch's steps are done and its text isn't
  /// there yet, and saves. So an epoch ends once, even where a run was stopped
  /// between its last step and its end.
  void end_epoch_if_due();

  /// Writes a checkpoint where there is something new and it is time.
  void save_if_due();

  /// Writes a checkpoint.
  void save();

  /// The report so far, which is moved out: nothing may follow.
  [[nodiscard]] TrainingReport report(bool interrupted);

 private:
  static constexpr auto kNever = std::numeric_limits<std::uint64_t>::max();

  [[nodiscard]] std::span<const std::size_t> next_batch();
  void put_in_order(std::uint64_t epoch);
  double compute_gradients(std::span<const std::size_t> batch);
  double measure_or_clip();
  [[nodiscard]] double max_norm() const;
  [[nodiscard]] OptimizerOptions optimizer_options(double rate,
                                                   double norm) const;
  void check_finite(double loss, double norm) const;
  void record(const StepReport& report);

  const TrainingTask& task_;
  const TrainingOptions& options_;
  const TrainingObserver& observer_;
  std::filesystem::path state_folder_;
  TrainingIdentity identity_;
  std::size_t steps_per_epoch_;
  LinearSchedule schedule_;
  CheckpointTimer timer_;
  TrainingState state_;
  std::uint64_t saved_step_ = kNever;
  Gradients<float> gradients_;
  std::vector<Matrix<float>*> gradient_list_;
  std::vector<std::size_t> order_;
  std::uint64_t order_epoch_ = kNever;
};

}  // namespace distilbert
