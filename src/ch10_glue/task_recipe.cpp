#include "ch10_glue/task_recipe.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/list_names.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "common/json.hpp"
#include "common/printable.hpp"

namespace distilbert {

namespace {

constexpr const char* kAll = "all";

struct WholeKey {
  std::string_view key;
  std::int64_t least;
  void (*set)(TaskRecipe&, std::size_t);
};

struct RealKey {
  std::string_view key;
  double most;
  void (*set)(TaskRecipe&, double);
};

constexpr std::array<WholeKey, 4> kWholeKeys = {{
    {"epochs", 1,
     [](TaskRecipe& r, std::size_t value) { r.training.epochs = value; }},
    {"batch-size", 1,
     [](TaskRecipe& r, std::size_t value) { r.training.batch_size = value; }},
    {"max-length", 1,
     [](TaskRecipe& r, std::size_t value) { r.max_length = value; }},
    {"max-train-rows", 0,
     [](TaskRecipe& r, std::size_t value) { r.max_train_rows = value; }},
}};

constexpr double kAnything = std::numeric_limits<double>::max();

constexpr std::array<RealKey, 4> kRealKeys = {{
    {"learning-rate", kAnything,
     [](TaskRecipe& r, double value) { r.training.learning_rate = value; }},
    {"warmup-ratio", 1,
     [](TaskRecipe& r, double value) { r.training.warmup_ratio = value; }},
    {"weight-decay", kAnything,
     [](TaskRecipe& r, double value) { r.training.weight_decay = value; }},
    {"max-grad-norm", kAnything,
     [](TaskRecipe& r, double value) { r.training.max_grad_norm = value; }},
}};

std::string known_keys() {
  std::vector<std::string> keys;
  keys.reserve(kWholeKeys.size() + kRealKeys.size());
  for (const WholeKey& one : kWholeKeys) {
    keys.emplace_back(one.key);
  }
  for (const RealKey& one : kRealKeys) {
    keys.emplace_back(one.key);
  }
  return list_names(keys);
}

// `place` is the file's name and the task's.
void set_values(const nlohmann::json& values,
                const std::string& place,
                TaskRecipe& recipe) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const JsonObject object(values, place);
  for (const auto& entry : values.items()) {
    const std::string& key = entry.key();
    const auto whole = std::ranges::find(kWholeKeys, key, &WholeKey::key);
    const auto real = std::ranges::find(kRealKeys, key, &RealKey::key);
    if (whole != kWholeKeys.end()) {
      whole->set(recipe, static_cast<std::size_t>(
                             object.integer(key, whole->least, kMost)));
    } else if (real != kRealKeys.end()) {
      real->set(recipe, object.number(key, 0, real->most));
    } else {
      fail("{}: unknown key \"{}\", expected one of {}", place,
           printable(key, 40), known_keys());
    }
  }
}

// Under another spelling a task's values would be overlooked.
void check_task_name(const std::string& name,
                     const std::filesystem::path& file) {
  try {
    if (find_task(name).name != name) {
      fail("expected the task's name \"{}\", found \"{}\"",
           find_task(name).name, name);
    }
  } catch (const Error& error) {
    fail("{}: {}", file.string(), error.what());
  }
}

}  // namespace

RecipeOverrides::RecipeOverrides(const std::filesystem::path& file)
    : tasks_(parse_json_file(file)) {
  static_cast<void>(JsonObject(tasks_, file.string()));
  for (const auto& [name, values] : tasks_.items()) {
    if (name != kAll) {
      check_task_name(name, file);
    }
    TaskRecipe ignored;
    set_values(values, fmt::format("{}: {}", file.string(), name), ignored);
  }
}

void RecipeOverrides::apply(std::string_view task, TaskRecipe& recipe) const {
  for (const std::string_view name : {std::string_view(kAll), task}) {
    const auto values = tasks_.find(name);
    if (values != tasks_.end()) {
      set_values(*values, std::string(name), recipe);
    }
  }
}

TaskRecipe task_recipe(RecipeName name,
                       std::string_view task,
                       const RecipeOverrides& overrides,
                       std::uint64_t seed) {
  TaskRecipe recipe;
  if (name == RecipeName::kRunGlue) {
    recipe.training.learning_rate = 2e-5;
    if (task == "mrpc" || task == "wnli") {
      recipe.training.epochs = 5;
    }
  }
  overrides.apply(task, recipe);
  recipe.training.seed = seed;
  return recipe;
}

}  // namespace distilbert
