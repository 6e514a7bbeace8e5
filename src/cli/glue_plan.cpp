#include "cli/glue_plan.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "ch10_glue/read_examples.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAll = "all";

bool is_trainable(const Task& task) {
  return !task.train_file.empty();
}

void check_split(const Task& task, const fs::path& glue, Split split) {
  for (const fs::path& file : split_files(task, glue, split)) {
    static_cast<void>(read_examples(task, file, split));
  }
}

}  // namespace

const char* role_name(GlueRole role) {
  return role == GlueRole::kModel ? "model" : "teacher";
}

std::vector<const Task*> chosen_tasks(const std::vector<std::string>& names) {
  std::vector<const Task*> named;
  for (const std::string& name : names) {
    if (name == kAll) {
      for (const Task& task : glue_tasks()) {
        named.push_back(&task);
      }
      std::erase_if(named,
                    [](const Task* task) { return !is_trainable(*task); });
      continue;
    }
    const Task& task = find_task(name);
    if (!is_trainable(task)) {
      throw UsageError(fmt::format(
          "--tasks: {} has no training data; it is answered with MNLI's model",
          task.display_name));
    }
    named.push_back(&task);
  }
  std::vector<const Task*> tasks;
  for (const Task& task : glue_tasks()) {
    if (std::ranges::find(named, &task) != named.end()) {
      tasks.push_back(&task);
    }
  }
  return tasks;
}

std::vector<GlueRun> plan_runs(const GlueOptions& options) {
  std::vector<GlueRun> runs;
  const auto add = [&](GlueRole role, const Task* task, std::uint64_t seed) {
    runs.push_back({role, task, seed,
                    fs::path(options.output) / "runs" / task->name /
                        fmt::format("{}-seed{}", role_name(role), seed)});
  };
  for (const Task* const task : chosen_tasks(options.tasks)) {
    for (std::uint64_t seed = 1; seed <= options.seeds; ++seed) {
      if (!options.teacher.empty()) {
        add(GlueRole::kTeacher, task, seed);
      }
      add(GlueRole::kModel, task, seed);
    }
  }
  return runs;
}

void check_glue_data(const GlueOptions& options) {
  for (const Task* const task : chosen_tasks(options.tasks)) {
    check_split(*task, options.data, Split::kTrain);
    check_split(*task, options.data, Split::kDev);
    for (const fs::path& file : test_files_if_there(*task, options.data)) {
      static_cast<void>(read_examples(*task, file, Split::kTest));
    }
  }
}

std::vector<fs::path> test_files_if_there(const Task& task,
                                          const fs::path& glue) {
  try {
    return split_files(task, glue, Split::kTest);
  } catch (const Error&) {
    return {};
  }
}

std::size_t training_work(const Task& task,
                          const fs::path& glue,
                          const TaskRecipe& recipe) {
  // English has some four bytes to a token; the two marks of a text are two
  // more tokens.
  constexpr std::size_t kBytesPerToken = 4;
  const std::size_t most = recipe.max_length * kBytesPerToken;
  const Dataset train = read_examples(
      task, split_files(task, glue, Split::kTrain).front(), Split::kTrain);
  std::size_t rows = train.examples.size();
  if (recipe.max_train_rows > 0) {
    rows = std::min(rows, recipe.max_train_rows);
  }
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const Example& example = train.examples[i];
    const std::size_t length = example.text.size() +
                               (example.second ? example.second->size() : 0) +
                               2 * kBytesPerToken;
    bytes += std::min(length, most);
  }
  return bytes * recipe.training.epochs;
}

}  // namespace distilbert::cli
