#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <numeric>

#include "cli/command.hpp"
#include "cli/distillation_options.hpp"
#include "cli/glue_outputs.hpp"
#include "cli/glue_plan.hpp"
#include "cli/glue_run.hpp"
#include "cli/is_there.hpp"
#include "cli/opened_model.hpp"
#include "cli/output_checks.hpp"
#include "cli/task_run.hpp"
#include "common/error.hpp"
#include "common/folder_lock.hpp"
#include "common/interrupt.hpp"
#include "common/json.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

// What must stay the same for a later call to go on. More tasks and more seeds
// may be asked for then; a run's data and recipe are noted with its result.
TrainingIdentity identity_of(const GlueOptions& options) {
  TrainingIdentity identity =
      joined({{{"data", fs::weakly_canonical(options.data).string()}},
              identity_of_model("model", find_model(options.model)),
              {{"distil", options.distil ? "true" : "false"}}});
  if (!options.teacher.empty()) {
    identity = joined(
        {identity, identity_of_model("teacher", find_model(options.teacher))});
  }
  if (options.distil) {
    identity = joined({identity, cli::identity_of(options.weights)});
  }
  return identity;
}

// Notes in the output what the command was, or compares it with the note.
void check_output(const GlueOptions& options) {
  const fs::path note = fs::path(options.output) / kGlueNoteName;
  const TrainingIdentity here = identity_of(options);
  if (!is_there(note)) {
    check_glue_output(options.output);
    write_file_atomically(note, json_text(here, 1) + "\n");
    return;
  }
  const std::string difference = first_difference(
      identity_from_json(parse_json_file(note), note.string()), here);
  if (!difference.empty()) {
    fail("{}: another command's output: {}", options.output, difference);
  }
}

// A forward pass of the encoder, in multiplications per token.
double cost_of(const std::string& model) {
  const LoadedModel<float> loaded = load_model<float>(find_model(model));
  const ModelConfig& config = loaded.model->config();
  const auto hidden = static_cast<double>(config.hidden_size);
  return static_cast<double>(config.layers) * hidden *
         (4 * hidden + 2 * static_cast<double>(config.intermediate_size));
}

// How long each run takes beside the others. A backward pass costs two forward
// ones.
std::vector<std::size_t> work_of(const GlueOptions& options,
                                 const GlueSetup& setup,
                                 std::span<const GlueRun> runs) {
  constexpr double kPasses = 3;
  const double of_model = cost_of(options.model);
  const double of_teacher =
      options.teacher.empty() ? 0 : cost_of(options.teacher);
  std::map<std::string, std::size_t> bytes;
  std::vector<std::size_t> work;
  for (const GlueRun& run : runs) {
    const auto [entry, is_new] = bytes.try_emplace(run.task->name, 0);
    if (is_new) {
      entry->second = training_work(
          *run.task, options.data,
          task_recipe(options.recipe, run.task->name, setup.overrides, 1));
    }
    const double cost =
        run.role == GlueRole::kTeacher
            ? kPasses * of_teacher
            : kPasses * of_model + (options.distil ? of_teacher : 0);
    work.push_back(static_cast<std::size_t>(
        1 + static_cast<double>(entry->second) * cost / (kPasses * of_model)));
  }
  return work;
}

// Of a run that is `done` of `total` units of work into the command, and takes
// `work` of them.
RunProgress progress_of(Progress& progress,
                        std::size_t done,
                        std::size_t work,
                        std::size_t total) {
  return {[=, &progress](std::size_t step, std::size_t steps) {
            // Steps of an earlier call took no time here.
            if (step > 0) {
              progress.begin("glue", total, done + work * step / steps);
            }
          },
          [=, &progress](std::size_t step, std::size_t steps,
                         const std::string& detail) {
            progress.update(done + work * step / steps, detail);
          }};
}

// Runs of an earlier call with more seeds, which count in the same means.
void check_other_seeds(const GlueSetup& setup) {
  const auto tasks = chosen_tasks(setup.options.tasks);
  for (const GlueRun& run : runs_in(setup.options.output)) {
    if (run.seed > setup.options.seeds &&
        std::ranges::find(tasks, run.task) != tasks.end()) {
      static_cast<void>(is_finished(run, setup));
    }
  }
}

// Where models are asked for that an earlier call didn't keep.
void note_models_gone(const GlueSetup& setup,
                      std::span<const GlueRun> runs,
                      const std::vector<bool>& finished) {
  std::size_t gone = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    gone += finished[i] && !is_there(runs[i].model() / "config.json") ? 1 : 0;
  }
  if (setup.options.keep_models && gone > 0) {
    setup.progress.note(
        fmt::format("models of finished runs that weren't kept: {}; a run is "
                    "done anew where its folder is removed",
                    gone));
  }
}

void do_runs(const GlueSetup& setup, std::span<const GlueRun> runs) {
  check_other_seeds(setup);
  const std::vector<std::size_t> work = work_of(setup.options, setup, runs);
  const std::size_t total = std::reduce(work.begin(), work.end());
  std::vector<bool> finished;
  std::size_t done = 0;
  for (const GlueRun& run : runs) {
    finished.push_back(is_finished(run, setup));
    done += finished.back() ? work[finished.size() - 1] : 0;
  }
  note_models_gone(setup, runs, finished);
  setup.progress.begin("glue", total, done);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!finished[i]) {
      do_run(runs[i], setup, progress_of(setup.progress, done, work[i], total));
      done += work[i];
      write_glue_outputs(setup.options);
    }
    remove_models(runs[i], setup);
  }
  setup.progress.end();
}

void check_options(const GlueOptions& options) {
  check_distillation_options(options.weights);
  if (options.distil && options.teacher.empty()) {
    throw UsageError("--distil needs a --teacher to learn from");
  }
  if (options.distil) {
    check_same_vocabulary(find_model(options.teacher),
                          find_model(options.model));
  }
}

void glue(const GlueOptions& options, Globals& globals) {
  check_options(options);
  const GlueSetup setup{options,
                        options.overrides.empty()
                            ? RecipeOverrides()
                            : RecipeOverrides(options.overrides),
                        *globals.progress};
  const std::vector<GlueRun> runs = plan_runs(options);
  check_glue_data(options, *globals.progress);
  check_glue_models(options, setup.overrides);
  const FolderLock lock(options.output);
  check_output(options);
  const InterruptGuard guard;
  do_runs(setup, runs);
  write_glue_outputs(options);
  std::ifstream table(fs::path(options.output) /
                      (options.json ? "table.json" : "table.md"));
  std::cout << table.rdbuf();
  const std::string submission = describe_submission(options);
  if (!submission.empty() && !options.json) {
    std::cout << '\n' << submission << '\n';
  }
}

}  // namespace

void add_glue(CLI::App& program, Globals& globals) {
  CLI::App& command = *program.add_subcommand(
      "glue", "fine-tune and evaluate a model on GLUE, over several seeds");
  const auto options = std::make_shared<GlueOptions>();
  command
      .add_option("--data", options->data,
                  "the GLUE folder, which holds SST-2/train.tsv and so on")
      ->required();
  add_model_option(command, options->model);
  command.add_option("--teacher", options->teacher,
                     "a second model, for comparison or to learn from");
  CLI::Option* const distil = command.add_flag(
      "--distil", options->distil, "train the model with its teacher's help");
  for (CLI::Option* const option :
       add_distillation_options(command, options->weights)) {
    option->needs(distil);
  }
  command
      .add_option("--tasks", options->tasks,
                  "tasks with commas between, or all nine")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("--seeds", options->seeds, "runs of each task")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command
      .add_option_function<std::string>(
          "--recipe",
          [recipe = &options->recipe](const std::string& name) {
            *recipe = name == "run-glue" ? RecipeName::kRunGlue
                                         : RecipeName::kDefault;
          },
          "default, or run-glue: the reference script's")
      ->check(CLI::IsMember({"default", "run-glue"}));
  command.add_option("--overrides", options->overrides,
                     "a JSON file that changes the recipe, for all tasks or "
                     "for one");
  command.add_flag("--keep-models", options->keep_models,
                   "keep every trained model");
  command
      .add_option("--output", options->output,
                  "the folder for the results; the same command goes on where "
                  "it was stopped")
      ->required();
  command.add_flag("--json", options->json, "print the table as JSON");
  on_run<GlueOptions>(command, options, [&globals](const GlueOptions& given) {
    glue(given, globals);
  });
}

}  // namespace distilbert::cli
