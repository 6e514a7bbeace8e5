#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ch08_training/optimizer_state.hpp"
#include "ch08_training/training_identity.hpp"

namespace distilbert {

/// Where a training run stands, its parameters apart. Everything random is a
/// function of seed and step, so nothing of it needs to be kept.
struct TrainingState {
  std::uint64_t step = 0;  ///< optimizer steps done
  OptimizerState optimizer;
  std::vector<double> losses;          ///< [step], each before its update
  std::vector<double> learning_rates;  ///< [step]
  std::vector<double> gradient_norms;  ///< [step], before clipping
  /// What the end of each finished epoch said.
  std::vector<std::string> epoch_log;
};

/// Writes parameters and state to a safetensors file, atomically: the name
/// holds the previous checkpoint or the whole new one, whatever happens. The
/// file holds
///
///   <name>                  F32  the parameter, in its checkpoint shape
///   first_moment.<name>     F32  likewise, where the optimizer has it
///   second_moment.<name>    F32
///   moment_steps.<name>     I64  [1]
///   losses, learning_rates, gradient_norms    F64 [step]
///
/// and in its metadata the step, the epochs' log and the run's identity, as
/// JSON. Throws Error where it can't be written.
void save_checkpoint(const std::filesystem::path& path,
                     const TrainingIdentity& identity,
                     std::span<const ParameterPtr<float>> parameters,
                     const TrainingState& state);

/// Reads a checkpoint back, to the same bits, into the parameters; nothing
/// where there is no such file. Throws Error where the file is damaged, isn't a
/// checkpoint, or belongs to a run of another identity (naming the first
/// difference); the parameters may then be partly read.
std::optional<TrainingState> load_checkpoint(
    const std::filesystem::path& path,
    const TrainingIdentity& identity,
    std::span<const ParameterPtr<float>> parameters);

}  // namespace distilbert
