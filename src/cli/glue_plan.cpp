#include "cli/glue_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>

#include "ch02_tokenizer/tokenizer.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task_model.hpp"
#include "ch10_glue/task_training.hpp"
#include "cli/is_there.hpp"
#include "cli/opened_model.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAll = "all";

bool is_trainable(const Task& task) {
  return !task.train_file.empty();
}

void check_files(const Task& task,
                 const std::vector<fs::path>& files,
                 Split split,
                 Progress& progress) {
  for (const fs::path& file : files) {
    const std::string skipped =
        describe_skipped(read_examples(task, file, split), file);
    if (!skipped.empty()) {
      progress.note(skipped);
    }
  }
}

// Throws Error where only one of MNLI's two is there.
std::vector<fs::path> all_test_files_or_none(const Task& task,
                                             const fs::path& glue) {
  const bool any =
      std::ranges::any_of(task.test_files, [&](const std::string& name) {
        return is_there(glue / task.folder / name);
      });
  return any ? split_files(task, glue, Split::kTest)
             : test_files_if_there(task, glue);
}

GlueRun run_in(const fs::path& output,
               GlueRole role,
               const Task& task,
               std::uint64_t seed) {
  return {role, &task, seed,
          output / "runs" / task.name /
              fmt::format("{}-seed{}", role_name(role), seed)};
}

// Of the runs of a task, of both roles.
std::set<std::uint64_t> seeds_in(const fs::path& folder) {
  std::set<std::uint64_t> seeds;
  std::error_code no_folder;
  for (const auto& entry : fs::directory_iterator(folder, no_folder)) {
    const std::string name = entry.path().filename().string();
    const char* const end = name.data() + name.size();
    std::uint64_t seed = 0;
    const auto digits = name.find_first_of("0123456789");
    if (digits != std::string::npos &&
        std::from_chars(name.data() + digits, end, seed).ptr == end) {
      seeds.insert(seed);
    }
  }
  return seeds;
}

void add_runs_there(const fs::path& output,
                    const Task& task,
                    std::uint64_t seed,
                    std::vector<GlueRun>& runs) {
  for (const GlueRole role : {GlueRole::kTeacher, GlueRole::kModel}) {
    GlueRun run = run_in(output, role, task, seed);
    if (is_there(run.folder)) {
      runs.push_back(std::move(run));
    }
  }
}

// Whether texts can be cut to the recipe's length and be encoded then.
void check_text_length(const Task& task,
                       const std::string& model,
                       const Tokenizer& tokenizer,
                       const ModelConfig& config,
                       std::size_t max_length) {
  if (max_length > static_cast<std::size_t>(config.max_positions)) {
    fail(
        "{}: {}: texts are cut to {} tokens, and the model has positions for "
        "{}; --overrides changes max-length",
        task.display_name, model, max_length, config.max_positions);
  }
  EncodeOptions options;
  options.truncation.max_length = max_length;
  try {
    static_cast<void>(task.pairs() ? tokenizer.encode_pair("", "", options)
                                   : tokenizer.encode("", options));
  } catch (const Error& error) {
    fail("{}: {}: {}; --overrides changes max-length", task.display_name, model,
         error.what());
  }
}

// What load_task_model makes of a model for a task, if the recipe's texts fit.
ModelConfig checked_config(const Task& task,
                           const std::string& model,
                           const TaskRecipe& recipe) {
  const ModelFolder folder = find_model(model);
  const LoadedModel<float> loaded =
      load_task_model(task, folder, MissingHead::kInitialize, 1);
  const ModelConfig& config = loaded.model->config();
  const Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  check_vocabulary(tokenizer, config, folder);
  check_text_length(task, model, tokenizer, config, recipe.max_length);
  return config;
}

}  // namespace

const char* role_name(GlueRole role) {
  return role == GlueRole::kModel ? "model" : "teacher";
}

std::string name_of(const GlueRun& run) {
  return fmt::format("{} {} seed {}", run.task->display_name,
                     role_name(run.role), run.seed);
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
  for (const Task* const task : chosen_tasks(options.tasks)) {
    for (std::uint64_t seed = 1; seed <= options.seeds; ++seed) {
      if (!options.teacher.empty()) {
        runs.push_back(run_in(options.output, GlueRole::kTeacher, *task, seed));
      }
      runs.push_back(run_in(options.output, GlueRole::kModel, *task, seed));
    }
  }
  return runs;
}

std::vector<GlueRun> runs_in(const fs::path& output) {
  std::vector<GlueRun> runs;
  for (const Task* const task : chosen_tasks({kAll})) {
    for (const std::uint64_t seed : seeds_in(output / "runs" / task->name)) {
      add_runs_there(output, *task, seed, runs);
    }
  }
  return runs;
}

const Task* answered_besides(const Task& task) {
  return task.name == "mnli" ? &find_task("ax") : nullptr;
}

void check_glue_data(const GlueOptions& options, Progress& progress) {
  for (const Task* const task : chosen_tasks(options.tasks)) {
    const auto check = [&](const Task& one, Split split) {
      check_files(one,
                  split == Split::kTest
                      ? all_test_files_or_none(one, options.data)
                      : split_files(one, options.data, split),
                  split, progress);
    };
    check(*task, Split::kTrain);
    check(*task, Split::kDev);
    check(*task, Split::kTest);
    if (const Task* const other = answered_besides(*task)) {
      check(*other, Split::kTest);
    }
  }
}

void check_glue_models(const GlueOptions& options,
                       const RecipeOverrides& overrides) {
  for (const Task* const task : chosen_tasks(options.tasks)) {
    const TaskRecipe recipe =
        task_recipe(options.recipe, task->name, overrides, 1);
    const ModelConfig model = checked_config(*task, options.model, recipe);
    if (options.teacher.empty()) {
      continue;
    }
    const ModelConfig teacher = checked_config(*task, options.teacher, recipe);
    if (options.distil) {
      check_distilled_pair(model, teacher, options.weights);
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
