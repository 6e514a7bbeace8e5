#include "cli/glue_run.hpp"

#include <fmt/core.h>

#include <system_error>

#include "ch10_glue/evaluate_model.hpp"
#include "ch10_glue/glue_result.hpp"
#include "ch10_glue/majority_baseline.hpp"
#include "ch10_glue/submission.hpp"
#include "ch10_glue/task_model.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "cli/distillation_options.hpp"
#include "cli/is_there.hpp"
#include "cli/task_run.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

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

TrainingIdentity identity_of(const GlueRun& run,
                             const GlueSetup& setup,
                             const ModelFolder& folder) {
  TrainingIdentity identity = {{"command", "glue"},
                               {"role", role_name(run.role)},
                               {"model", identity_of_folder(folder)}};
  if (learns_from_teacher(run, setup)) {
    const TrainingIdentity weights = cli::identity_of(setup.options.weights);
    identity.insert(identity.end(), weights.begin(), weights.end());
  }
  return identity;
}

TaskRun task_run_of(const GlueRun& run,
                    const GlueSetup& setup,
                    const RunModels& models) {
  const Task& task = *run.task;
  Model<float>& model = *models.model.model;
  const auto loss = [&](const TaskTrainingData& data) {
    auto labels = match_labels(task, model.config().labels);
    return models.teacher ? distilling_loss(model, *models.teacher->model, data,
                                            task.regression, std::move(labels),
                                            setup.options.weights)
                          : finetuning_loss(model, data, task.regression,
                                            std::move(labels));
  };
  return {task, models.folder, model, loss,
          identity_of(run, setup, models.folder)};
}

TrainingObserver observer_of(const GlueRun& run, const RunProgress& progress) {
  TrainingObserver observer;
  observer.stepped = [&run, &progress](const StepReport& step) {
    progress(step.step, step.total_steps,
             fmt::format("{} {} seed {}, epoch {}, loss {:.4f}",
                         run.task->display_name, role_name(run.role), run.seed,
                         step.epoch + 1, step.loss));
  };
  return observer;
}

// A file of predictions for each test file that is there; for MNLI also AX.
void predict_tests(const GlueRun& run,
                   const TaskRun& trained,
                   const TaskRunOptions& options,
                   Progress& progress) {
  const FastEvaluation fast(trained.model);
  const Tokenizer tokenizer = Tokenizer::from_folder(trained.folder.path());
  const auto predict = [&](const Task& task) {
    const auto files = test_files_if_there(task, options.data.data);
    const auto names = submission_names(task);
    for (std::size_t i = 0; i < files.size(); ++i) {
      const TaskTrainingData data = read_task_data(
          task, files[i], Split::kTest, tokenizer, options.data, progress);
      write_file_atomically(
          run.folder / names.at(i),
          submission_tsv(
              task, predict_examples(trained.model, task, data.encodings)));
    }
  };
  predict(*run.task);
  if (run.task->name == "mnli") {
    predict(find_task("ax"));
  }
}

GlueResult result_of(const GlueRun& run,
                     const TaskSplits& splits,
                     const TrainingReport& report) {
  GlueResult result{.task = run.task->name,
                    .seed = run.seed,
                    .train_rows = splits.train.examples.size(),
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

}  // namespace

bool is_finished(const GlueRun& run, const GlueSetup& setup) {
  const bool is_needed = teaches(run, setup) &&
                         !is_there(other_role(run, GlueRole::kModel).result());
  return is_there(run.result()) &&
         (!is_needed || is_there(run.model() / "config.json"));
}

void do_run(const GlueRun& run,
            const GlueSetup& setup,
            const RunProgress& progress) {
  const TaskRunOptions options = options_of(run, setup);
  const RunModels models = load_models(run, setup);
  const TaskRun task_run = task_run_of(run, setup, models);
  const TaskSplits splits = read_splits(options, task_run, setup.progress);
  fs::create_directories(options.output);
  const TrainingReport report =
      train_on_task(options, task_run, splits, observer_of(run, progress));
  if (setup.options.keep_models || teaches(run, setup)) {
    copy_tokenizer(models.folder.path(), options.output);
    save_model(task_run.model, options.output);
  }
  // --8<-- [start:result_last]
  predict_tests(run, task_run, options, setup.progress);
  write_file_atomically(run.result(),
                        to_json(result_of(run, splits, report)) + "\n");
  // --8<-- [end:result_last]
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
