#include "ch08_training/training_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "ch08_training/clip_global_norm.hpp"
#include "ch08_training/epoch_order.hpp"
#include "ch08_training/global_norm.hpp"
#include "common/temporary_file.hpp"

namespace distilbert {
namespace {

TrainingIdentity identity_of(const TrainingTask& task,
                             const TrainingOptions& options) {
  TrainingIdentity identity = task.identity;
  for (auto& entry : identity_of(options)) {
    identity.push_back(std::move(entry));
  }
  identity.emplace_back("training examples", fmt::format("{}", task.examples));
  return identity;
}

}  // namespace

TrainingRun::TrainingRun(const TrainingTask& task,
                         const TrainingOptions& options,
                         std::filesystem::path state_folder,
                         const TrainingObserver& observer)
    : task_(task),
      options_(options),
      observer_(observer),
      state_folder_(std::move(state_folder)),
      identity_(identity_of(task, options)),
      steps_per_epoch_((task.examples - 1) / options.batch_size + 1),
      schedule_(make_linear_schedule(options.learning_rate,
                                     options.warmup_ratio,
                                     options.epochs * steps_per_epoch_)),
      timer_(options.checkpoint_seconds) {}

void TrainingRun::start() {
  if (!state_folder_.empty()) {
    std::filesystem::create_directories(state_folder_);
    remove_temporary_files(state_folder_);
    if (auto found = load_checkpoint(state_folder_ / kCheckpointName, identity_,
                                     task_.parameters)) {
      state_ = std::move(*found);
      saved_step_ = state_.step;
    }
  }
  if (observer_.started) {
    observer_.started(state_.step, schedule_.total_steps);
  }
}

bool TrainingRun::finished() const {
  return state_.epoch_log.size() >= options_.epochs;
}

// --8<-- [start:step]
void TrainingRun::step() {
  const auto start = std::chrono::steady_clock::now();
  const double loss = compute_gradients(next_batch());
  const double norm = measure_or_clip();
  check_finite(loss, norm);
  const double rate = learning_rate(state_.step, schedule_);
  update_parameters(task_.parameters, gradients_, optimizer_options(rate, norm),
                    state_.optimizer);
  gradients_.clear();
  const std::size_t epoch = state_.step / steps_per_epoch_;
  ++state_.step;
  const std::chrono::duration<double> passed =
      std::chrono::steady_clock::now() - start;
  record({state_.step, schedule_.total_steps, epoch, loss, rate, norm,
          passed.count()});
}

// --8<-- [end:step]

std::span<const std::size_t> TrainingRun::next_batch() {
  const std::size_t epoch = state_.step / steps_per_epoch_;
  if (epoch != order_epoch_) {
    put_in_order(epoch);
  }
  const std::size_t first =
      (state_.step % steps_per_epoch_) * options_.batch_size;
  return std::span(order_).subspan(
      first, std::min(options_.batch_size, order_.size() - first));
}

void TrainingRun::put_in_order(std::uint64_t epoch) {
  order_ = task_.order ? task_.order(epoch)
                       : epoch_order(task_.examples, options_.seed, epoch);
  require(order_.size() == task_.examples &&
              std::ranges::all_of(
                  order_, [this](std::size_t i) { return i < task_.examples; }),
          "the order of epoch {} isn't one of {} examples", epoch,
          task_.examples);
  order_epoch_ = epoch;
}

double TrainingRun::compute_gradients(std::span<const std::size_t> batch) {
  const DropoutSource dropout{options_.seed,
                              static_cast<std::uint32_t>(state_.step)};
  return accumulate_micro_batches(
      batch,
      options_.micro_batch_size == 0 ? batch.size() : options_.micro_batch_size,
      task_.loss, options_.dropout ? &dropout : nullptr, gradients_);
}

// The fused step shortens gradients on their way through; else they are
// shortened here.
double TrainingRun::measure_or_clip() {
  gradient_list_.clear();
  for (const ParameterPtr<float>& parameter : task_.parameters) {
    if (Matrix<float>* const gradient = gradients_.find(*parameter)) {
      gradient_list_.push_back(gradient);
    }
  }
  return options_.fused_optimizer
             ? global_norm(gradient_list_)
             : clip_global_norm<float>(gradient_list_, max_norm());
}

double TrainingRun::max_norm() const {
  return options_.max_grad_norm > 0 ? options_.max_grad_norm
                                    : std::numeric_limits<double>::infinity();
}

OptimizerOptions TrainingRun::optimizer_options(double rate,
                                                double norm) const {
  return {
      {rate, options_.adam_beta1, options_.adam_beta2, options_.adam_epsilon},
      options_.weight_decay,
      options_.fused_optimizer,
      options_.fused_optimizer ? clip_scale(norm, max_norm()) : 1};
}

void TrainingRun::check_finite(double loss, double norm) const {
  if (!std::isfinite(loss) || !std::isfinite(norm)) {
    fail(
        "step {} of {}: expected a finite loss and gradient, found loss {} and "
        "gradient norm {}; a smaller learning rate may help",
        state_.step + 1, schedule_.total_steps, loss, norm);
  }
}

void TrainingRun::record(const StepReport& report) {
  state_.losses.push_back(report.loss);
  state_.learning_rates.push_back(report.learning_rate);
  state_.gradient_norms.push_back(report.gradient_norm);
  if (observer_.stepped) {
    observer_.stepped(report);
  }
}

void TrainingRun::end_epoch_if_due() {
  const std::size_t epoch = state_.epoch_log.size();
  if (state_.step < (epoch + 1) * steps_per_epoch_) {
    return;
  }
  state_.epoch_log.push_back(task_.end_of_epoch ? task_.end_of_epoch(epoch)
                                                : "");
  if (observer_.epoch_ended) {
    observer_.epoch_ended(epoch, state_.epoch_log.back());
  }
  if (finished()) {
    state_.optimizer.clear();
  }
  save();
}

void TrainingRun::save_if_due() {
  if (saved_step_ != state_.step && timer_.due()) {
    save();
  }
}

void TrainingRun::save() {
  if (state_folder_.empty()) {
    return;
  }
  timer_.writing_begins();
  save_checkpoint(state_folder_ / kCheckpointName, identity_, task_.parameters,
                  state_);
  saved_step_ = state_.step;
  timer_.writing_ended();
}

TrainingReport TrainingRun::report(bool interrupted) {
  return {state_.step,
          schedule_.total_steps,
          std::move(state_.losses),
          std::move(state_.learning_rates),
          std::move(state_.gradient_norms),
          std::move(state_.epoch_log),
          interrupted};
}

}  // namespace distilbert
