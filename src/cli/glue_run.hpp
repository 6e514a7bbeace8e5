#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "ch10_glue/task_recipe.hpp"
#include "cli/command.hpp"
#include "cli/glue_plan.hpp"

namespace distilbert::cli {

/// Told how far a run is, in steps done and steps in all.
struct RunProgress {
  /// When its training begins or goes on.
  std::function<void(std::size_t done, std::size_t total)> started;
  /// After each step, with the rest of the progress line.
  std::function<void(
      std::size_t done, std::size_t total, const std::string& detail)>
      stepped;
};

/// What all runs of a command share.
struct GlueSetup {
  const GlueOptions& options;
  RecipeOverrides overrides;
  Progress& progress;
};

/// Whether nothing is left to do of a run: its result is there and, if it is a
/// teacher's that a model still has to learn from, its model too. Throws Error
/// where the result was made of other data or by another recipe.
[[nodiscard]] bool is_finished(const GlueRun& run, const GlueSetup& setup);

/// Does a run, or goes on with it: trains, evaluates, predicts the test sets,
/// and writes the result last. Throws Error that names the run: where it was
/// interrupted, saying how to go on, and where it failed.
void do_run(const GlueRun& run,
            const GlueSetup& setup,
            const RunProgress& progress);

/// Removes the trained models of finished runs that nothing needs any more,
/// unless --keep-models was given.
void remove_models(const GlueRun& run, const GlueSetup& setup);

}  // namespace distilbert::cli
