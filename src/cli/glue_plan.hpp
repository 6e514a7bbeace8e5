#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ch09_distillation/task_distillation_loss.hpp"
#include "ch10_glue/task.hpp"
#include "ch10_glue/task_recipe.hpp"
#include "common/progress.hpp"

namespace distilbert::cli {

/// What the command glue is asked for.
struct GlueOptions {
  std::string data;
  std::string model;
  std::string teacher;  ///< empty: none
  bool distil = false;  ///< the model learns from its task's teacher
  TaskDistillationWeights weights;
  std::vector<std::string> tasks = {"all"};
  std::size_t seeds = 5;
  RecipeName recipe = RecipeName::kDefault;
  std::string overrides;  ///< a file; empty: none
  bool keep_models = false;
  std::string output;
  bool json = false;
};

/// Whose fine-tuning a run is.
enum class GlueRole { kModel, kTeacher };

/// "model" or "teacher".
[[nodiscard]] const char* role_name(GlueRole role);

/// One fine-tuning on one task with one seed.
struct GlueRun {
  GlueRole role = GlueRole::kModel;
  const Task* task = nullptr;
  std::uint64_t seed = 0;
  std::filesystem::path folder;  ///< all that the run leaves is in it

  /// There once the run is finished.
  [[nodiscard]] std::filesystem::path result() const {
    return folder / "result.json";
  }

  /// The folder of the model that is being trained.
  [[nodiscard]] std::filesystem::path model() const { return folder / "model"; }
};

/// "SST-2 model seed 1".
[[nodiscard]] std::string name_of(const GlueRun& run);

/// The tasks that --tasks names, in GLUE's order, each once: "all" for the
/// nine. Throws UsageError for a name that isn't a task's, and for AX, which
/// has no training data.
[[nodiscard]] std::vector<const Task*> chosen_tasks(
    const std::vector<std::string>& names);

/// All runs in the order in which they are done: task by task, seed by seed
/// from 1, the teacher before the model that may learn from it.
[[nodiscard]] std::vector<GlueRun> plan_runs(const GlueOptions& options);

/// The runs that an output folder holds, finished or not, in the same order.
[[nodiscard]] std::vector<GlueRun> runs_in(const std::filesystem::path& output);

/// The task that a task's model answers besides its own: AX for MNLI, for all
/// others none.
[[nodiscard]] const Task* answered_besides(const Task& task);

/// Reads every file of the chosen tasks once, so that whatever is wrong with
/// one of them is known before the first hour of training; skipped rows are
/// noted. Throws Error for a train or dev file that isn't there or can't be
/// used, and for a test file that can't be used; test files may be missing, but
/// not one of MNLI's two alone.
void check_glue_data(const GlueOptions& options, Progress& progress);

/// Likewise whether the models can be trained on the chosen tasks: with the
/// head and the tokenizer that they have, texts as long as the recipe says, and,
/// where one learns from the other, as a pair. Throws Error, naming the model.
void check_glue_models(const GlueOptions& options,
                       const RecipeOverrides& overrides);

/// The test files of a task that are there: all or none.
[[nodiscard]] std::vector<std::filesystem::path> test_files_if_there(
    const Task& task, const std::filesystem::path& glue);

/// How much work a task's training data is, in bytes of text as far as they are
/// read, times the epochs.
[[nodiscard]] std::size_t training_work(const Task& task,
                                        const std::filesystem::path& glue,
                                        const TaskRecipe& recipe);

}  // namespace distilbert::cli
