#include "ch08_training/training_options.hpp"

#include <cmath>
#include <limits>
#include <string_view>

#include "common/error.hpp"

namespace distilbert {
namespace {

constexpr double kAnything = std::numeric_limits<double>::max();

void check_range(std::string_view name,
                 double value,
                 double least,
                 double most) {
  // Written so that NaN fails too.
  if (!(value >= least && value <= most)) {
    throw UsageError(
        most == kAnything
            ? fmt::format("--{}: expected a number from {} on, found {}", name,
                          least, value)
            : fmt::format("--{}: expected a number from {} to {}, found {}",
                          name, least, most, value));
  }
}

}  // namespace

void check_training_options(const TrainingOptions& options) {
  const double just_below_one = std::nextafter(1.0, 0.0);
  check_range("batch-size", static_cast<double>(options.batch_size), 1,
              kAnything);
  check_range("learning-rate", options.learning_rate, 0, kAnything);
  check_range("warmup-ratio", options.warmup_ratio, 0, 1);
  check_range("weight-decay", options.weight_decay, 0, kAnything);
  check_range("adam-beta1", options.adam_beta1, 0, just_below_one);
  check_range("adam-beta2", options.adam_beta2, 0, just_below_one);
  check_range("adam-epsilon", options.adam_epsilon, 0, kAnything);
  check_range("max-grad-norm", options.max_grad_norm, 0, kAnything);
  check_range("checkpoint-seconds", options.checkpoint_seconds, 0, kAnything);
}

TrainingIdentity identity_of(const TrainingOptions& options) {
  const auto text = [](auto value) { return fmt::format("{}", value); };
  return {{"epochs", text(options.epochs)},
          {"batch-size", text(options.batch_size)},
          {"micro-batch-size", text(options.micro_batch_size)},
          {"learning-rate", text(options.learning_rate)},
          {"warmup-ratio", text(options.warmup_ratio)},
          {"weight-decay", text(options.weight_decay)},
          {"adam-beta1", text(options.adam_beta1)},
          {"adam-beta2", text(options.adam_beta2)},
          {"adam-epsilon", text(options.adam_epsilon)},
          {"max-grad-norm", text(options.max_grad_norm)},
          {"seed", text(options.seed)},
          {"dropout", text(options.dropout)},
          {"fused-optimizer", text(options.fused_optimizer)}};
}

}  // namespace distilbert
