#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ch08_training/training_identity.hpp"
#include "ch10_glue/evaluation.hpp"

namespace distilbert {

/// What one fine-tuning on a task left behind: all that a table, a curve or a
/// comparison needs, so that the trained model needn't be kept.
struct GlueResult {
  std::string task;
  std::uint64_t seed = 0;
  std::size_t train_rows = 0;
  std::size_t skipped_rows = 0;  ///< malformed ones of train, left out
  /// How long it took; absent where it was stopped and went on.
  std::optional<double> seconds;
  /// What it was made of: data, recipe. Results of one task that were made of
  /// other things have no common mean.
  TrainingIdentity identity;
  Evaluation majority;             ///< of the majority baseline, on dev
  std::vector<double> losses;      ///< [steps], each before its update
  std::vector<Evaluation> epochs;  ///< on dev, after each epoch
};

/// The result as JSON on one line.
[[nodiscard]] std::string to_json(const GlueResult& result);

/// Reads what to_json wrote. Throws Error, naming the file, where it can't be
/// read or isn't such a result; one without an epoch isn't.
[[nodiscard]] GlueResult read_glue_result(const std::filesystem::path& file);

}  // namespace distilbert
