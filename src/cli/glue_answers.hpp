#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ch10_glue/submission.hpp"
#include "cli/glue_plan.hpp"
#include "cli/glue_run.hpp"
#include "cli/task_run.hpp"

namespace distilbert::cli {

/// Lets a trained model answer its task's test sets, and AX where it is MNLI's:
/// a file of a submission for each, in the run's folder, with a note of what
/// was answered. Answers that are there already to the same test set stay.
/// Throws Error where it is interrupted, and where a test set can't be read.
void answer_test_sets(const GlueRun& run,
                      const TaskRun& trained,
                      const TaskRunOptions& options,
                      const RunProgress& progress);

/// What the finished runs of an output answer.
struct Answers {
  std::vector<SubmissionFile> files;  ///< in GLUE's order, AX after MNLI
  /// A line for each test set that is there and that the run which should
  /// answer it was finished without.
  std::vector<std::string> missing;
};

/// Of each test set that is there the answers of its task's best run on dev, a
/// submission being one model's. Runs that aren't the model's don't count, nor
/// do runs that aren't finished.
[[nodiscard]] Answers best_answers(const GlueOptions& options);

}  // namespace distilbert::cli
