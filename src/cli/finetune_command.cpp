#include "ch10_glue/task_description.hpp"
#include "ch10_glue/task_model.hpp"
#include "cli/command.hpp"
#include "cli/opened_model.hpp"
#include "cli/task_run.hpp"

namespace distilbert::cli {
namespace {

struct FinetuneOptions {
  std::string model;
  TaskRunOptions run;
};

void finetune(const FinetuneOptions& options, Globals& globals) {
  const Task task = load_task(options.run.data.task);
  check_training_options(options.run.training);
  const ModelFolder folder = find_model(options.model);
  const LoadedModel<float> loaded = load_task_model(
      task, folder, MissingHead::kInitialize, options.run.training.seed);
  note_initialized(loaded.report, *globals.progress);
  Model<float>& model = *loaded.model;
  const auto loss = [&](const TaskTrainingData& data) {
    return finetuning_loss(model, data, task);
  };
  run_task(
      options.run,
      {task, folder, model, loss,
       joined({{{"command", "finetune"}}, identity_of_model("model", folder)})},
      globals);
}

}  // namespace

void add_finetune(CLI::App& program, Globals& globals) {
  CLI::App& command = *program.add_subcommand(
      "finetune", "train a model on a task, and evaluate it");
  const auto options = std::make_shared<FinetuneOptions>();
  add_model_option(command, options->model);
  add_task_run_options(command, options->run);
  on_run<FinetuneOptions>(
      command, options,
      [&globals](const FinetuneOptions& given) { finetune(given, globals); });
}

}  // namespace distilbert::cli
