#pragma once

#include <cstddef>
#include <cstdint>

#include "ch08_training/training_identity.hpp"

namespace distilbert {

/// How a model is trained. The defaults are those of the reference's Trainer,
/// with its usual batch size for GLUE.
struct TrainingOptions {
  std::size_t epochs = 3;
  std::size_t batch_size = 32;  ///< examples per update
  /// Examples per forward pass, to save memory; 0 means the whole batch.
  std::size_t micro_batch_size = 0;
  double learning_rate = 5e-5;
  double warmup_ratio = 0;  ///< share of all steps, in [0, 1]
  double weight_decay = 0;
  double adam_beta1 = 0.9;
  double adam_beta2 = 0.999;
  double adam_epsilon = 1e-8;
  double max_grad_norm = 1;  ///< 0: gradients aren't clipped
  std::uint64_t seed = 42;   ///< of batch order and dropout
  bool dropout = true;
  /// Clipping and AdamW through their fused forms instead of
  /// clip_global_norm and adamw_step.
  bool fused_optimizer = true;
  /// A checkpoint is written when this much time has passed since the last one
  /// and fifty times what writing it took, so that it costs less than 2 % of
  /// the time; and at the end of each epoch. 0: after every step. No result
  /// depends on it.
  double checkpoint_seconds = 60;
};

/// Throws UsageError, naming the option, where a value is out of its range.
void check_training_options(const TrainingOptions& options);

/// The options that results depend on, under their names on the command line.
TrainingIdentity identity_of(const TrainingOptions& options);

}  // namespace distilbert
