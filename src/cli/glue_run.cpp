#include "cli/glue_run.hpp"

#include <fmt/core.h>

#include <chrono>
#include <optional>
#include <system_error>

#include "ch10_glue/glue_result.hpp"
#include "ch10_glue/majority_baseline.hpp"
#include "ch10_glue/task_model.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "cli/distillation_options.hpp"
#include "cli/glue_answers.hpp"
#include "cli/is_there.hpp"
#include "cli/task_run.hpp"
#include "common/error.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point moment) {
  return std::chrono::duration<double>(Clock::now() - moment).count();
}

// The run of the other role with the same task and seed.
GlueRun other_role(const GlueRun& run, GlueRole role) {
  GlueRun other = run;
  other.role = role;
  other.folder = run.folder.parent_path() /
                 fmt::format("{}-seed{}", role_name(role), run.seed);
  return other;
}

bool teaches(const GlueRun& run, const GlueSetup& setup) {
  return setup.options.distil && run.role == GlueRole::kTeacher;
}

bool learns_from_teacher(const GlueRun& run, const GlueSetup& setup) {
  return setup.options.distil && run.role == GlueRole::kModel;
}

// The model before training, and its teacher where it has one.
struct RunModels {
  ModelFolder folder;
  LoadedModel<float> model;
  std::optional<LoadedModel<float>> teacher;
};

RunModels load_models(const GlueRun& run, const GlueSetup& setup) {
  const GlueOptions& options = setup.options;
  ModelFolder folder = find_model(
      run.role == GlueRole::kTeacher ? options.teacher : options.model);
  LoadedModel<float> model =
      load_task_model(*run.task, folder, MissingHead::kInitialize, run.seed);
  std::optional<LoadedModel<float>> teacher;
  if (learns_from_teacher(run, setup)) {
    const ModelFolder trained =
        find_model(other_role(run, GlueRole::kTeacher).model().string());
    teacher.emplace(
        load_task_model(*run.task, trained, MissingHead::kRefuse, run.seed));
    use_fast_pieces(*teacher, Precision::kFloat32);
  }
  return {std::move(folder), std::move(model), std::move(teacher)};
}

// Beside data and recipe. The weights that training starts from are the whole
// output's: see glue.json.
TrainingIdentity identity_of(const GlueRun& run, const GlueSetup& setup) {
  const TrainingIdentity identity = {{"command", "glue"},
                                     {"role", role_name(run.role)}};
  return learns_from_teacher(run, setup)
             ? joined({identity, cli::identity_of(setup.options.weights)})
             : identity;
}

TaskRun task_run_of(const GlueRun& run,
                    const GlueSetup& setup,
                    const RunModels& models) {
  const Task& task = *run.task;
  Model<float>& model = *models.model.model;
  const auto loss = [&](const TaskTrainingData& data) {
    return models.teacher ? distilling_loss(model, *models.teacher->model, data,
                                            task, setup.options.weights,
                                            watch_teacher(setup.progress,
                                                          data.examples.size(),
                                                          name_of(run)))
                          : finetuning_loss(model, data, task);
  };
  return {task, models.folder, model, loss, identity_of(run, setup)};
}

TrainingObserver observer_of(const GlueRun& run, const RunProgress& progress) {
  TrainingObserver observer;
  observer.stepped = [&run, &progress](const StepReport& step) {
    progress.stepped(step.step, step.total_steps,
                     fmt::format("{}, epoch {}, loss {:.4f}", name_of(run),
                                 step.epoch + 1, step.loss));
  };
  return observer;
}

TaskRunOptions options_of(const GlueRun& run, const GlueSetup& setup) {
  const TaskRecipe recipe = task_recipe(setup.options.recipe, run.task->name,
                                        setup.overrides, run.seed);
  TaskRunOptions options;
  options.data.task = run.task->name;
  options.data.data = setup.options.data;
  options.data.max_length = recipe.max_length;
  options.data.max_train_rows = recipe.max_train_rows;
  options.training = recipe.training;
  options.output = run.model().string();
  return options;
}

// What the result depends on, but for the weights that training starts from.
TrainingIdentity identity_of_result(const GlueRun& run,
                                    const GlueSetup& setup) {
  const TaskRunOptions options = options_of(run, setup);
  return joined({identity_of_data(*run.task, options.data),
                 identity_of(run, setup),
                 distilbert::identity_of(options.training)});
}

GlueResult result_of(const GlueRun& run,
                     const GlueSetup& setup,
                     const TaskSplits& splits,
                     const TrainingReport& report) {
  GlueResult result{.task = run.task->name,
                    .seed = run.seed,
                    .train_rows = splits.train.examples.size(),
                    .skipped_rows = splits.train.skipped,
                    .seconds = {},
                    .identity = identity_of_result(run, setup),
                    .majority = {},
                    .losses = report.losses,
                    .epochs = {}};
  std::vector<Evaluation> majorities;
  majorities.reserve(splits.dev.size());
  for (const TaskTrainingData& dev : splits.dev) {
    majorities.push_back(
        majority_baseline(*run.task, splits.train.examples, dev.examples));
  }
  result.majority = join_evaluations(majorities);
  for (const std::string& epoch : report.epoch_log) {
    result.epochs.push_back(evaluation_from_json(nlohmann::json::parse(epoch),
                                                 run.folder.string()));
  }
  return result;
}

void train_and_evaluate(const GlueRun& run,
                        const GlueSetup& setup,
                        const RunProgress& progress) {
  const auto began = Clock::now();
  const TaskRunOptions options = options_of(run, setup);
  const RunModels models = load_models(run, setup);
  const TaskRun task_run = task_run_of(run, setup, models);
  Progress silent;
  const TaskSplits splits = read_splits(options, task_run, silent);
  fs::create_directories(options.output);
  bool goes_on = false;
  TrainingObserver observer = observer_of(run, progress);
  observer.started = [&](std::size_t done, std::size_t total) {
    goes_on = done > 0;
    progress.started(done, total);
  };
  const TrainingReport report =
      train_on_task(options, task_run, splits, observer);
  if (setup.options.keep_models || teaches(run, setup)) {
    copy_tokenizer(models.folder.path(), options.output);
    save_model(task_run.model, options.output);
  }
  // --8<-- [start:result_last]
  answer_test_sets(run, task_run, options, progress);
  GlueResult result = result_of(run, setup, splits, report);
  if (!goes_on) {
    result.seconds = seconds_since(began);
  }
  write_file_atomically(run.result(), to_json(result) + "\n");
  // --8<-- [end:result_last]
}

}  // namespace

bool is_finished(const GlueRun& run, const GlueSetup& setup) {
  if (!is_there(run.result())) {
    return false;
  }
  const std::string difference = first_difference(
      read_glue_result(run.result()).identity, identity_of_result(run, setup));
  if (!difference.empty()) {
    fail(
        "{}: another run's result: {}; choose another output folder, or "
        "remove {} to run it anew",
        run.result().string(), difference, run.folder.string());
  }
  const bool is_needed = teaches(run, setup) &&
                         !is_there(other_role(run, GlueRole::kModel).result());
  return !is_needed || is_there(run.model() / "config.json");
}

void do_run(const GlueRun& run,
            const GlueSetup& setup,
            const RunProgress& progress) {
  try {
    train_and_evaluate(run, setup, progress);
  } catch (const Error& error) {
    fail("{}: {}", name_of(run), error.what());
  }
}

void remove_models(const GlueRun& run, const GlueSetup& setup) {
  if (setup.options.keep_models) {
    return;
  }
  for (const GlueRole role : {GlueRole::kModel, GlueRole::kTeacher}) {
    const GlueRun one = other_role(run, role);
    const bool is_needed =
        teaches(one, setup) &&
        !is_there(other_role(run, GlueRole::kModel).result());
    if (is_there(one.result()) && !is_needed) {
      std::error_code ignored;
      fs::remove_all(one.model(), ignored);
    }
  }
}

}  // namespace distilbert::cli
