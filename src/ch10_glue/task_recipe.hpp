#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "ch08_training/training_options.hpp"

namespace distilbert {

/// How a model is trained on a task, and on how much of its data.
struct TaskRecipe {
  TrainingOptions training;
  std::size_t max_length = 128;    ///< tokens a text is cut to
  std::size_t max_train_rows = 0;  ///< the first so many rows; 0: all
};

/// Recipes that have a name.
enum class RecipeName {
  kDefault,  ///< the defaults of TrainingOptions, for every task
  kRunGlue,  ///< the reference's run_glue script: learning rate 2e-5, three
             ///< epochs, five for MRPC and WNLI
};

/// What a user changes in a recipe, for all tasks or for one:
///
///   {"all": {"epochs": 4}, "cola": {"learning-rate": 3e-5}}
///
/// The keys are the options of the command finetune: epochs, batch-size,
/// learning-rate, warmup-ratio, weight-decay, max-grad-norm, max-length and
/// max-train-rows. A task's own values go over those of "all".
class RecipeOverrides {
 public:
  /// No changes.
  RecipeOverrides() = default;

  /// Reads a JSON file. Throws Error that names file and key for what isn't
  /// JSON, a task or a key that doesn't exist, or a value out of range.
  explicit RecipeOverrides(const std::filesystem::path& file);

  /// Changes the recipe of a task, by its name.
  void apply(std::string_view task, TaskRecipe& recipe) const;

 private:
  nlohmann::json tasks_ = nlohmann::json::object();
};

/// A named recipe for a task, by its name, with the user's changes. `seed` is
/// that of the run.
[[nodiscard]] TaskRecipe task_recipe(RecipeName name,
                                     std::string_view task,
                                     const RecipeOverrides& overrides,
                                     std::uint64_t seed);

}  // namespace distilbert
