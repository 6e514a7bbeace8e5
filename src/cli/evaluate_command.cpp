#include <fmt/core.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ch10_glue/task_description.hpp"
#include "ch10_glue/task_model.hpp"
#include "cli/command.hpp"
#include "cli/opened_model.hpp"
#include "cli/output_checks.hpp"
#include "cli/task_data.hpp"
#include "common/error.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

struct EvaluateOptions {
  ModelChoice model;
  TaskDataOptions data;
  std::string predictions;
  bool json = false;
};

// What the model took, tokenizing not included.
std::string with_speed(const Evaluation& evaluation, double seconds) {
  auto json = nlohmann::ordered_json::parse(to_json(evaluation));
  json["seconds"] = seconds;
  json["sentences_per_second"] = static_cast<double>(evaluation.rows) / seconds;
  return json.dump();
}

void print(const EvaluateOptions& options,
           const Evaluation& evaluation,
           double seconds) {
  std::cout << (options.json ? with_speed(evaluation, seconds)
                             : describe(evaluation))
            << '\n';
}

struct TimedEvaluation {
  Evaluation evaluation;
  double seconds = 0;
};

TimedEvaluation evaluate_file(const EvaluateOptions& options,
                              const Task& task,
                              const Model<float>& model,
                              const Tokenizer& tokenizer,
                              const std::filesystem::path& file,
                              Progress& progress) {
  const TaskTrainingData data = read_task_data(
      task, file, Split::kDev, tokenizer, options.data, progress);
  progress.begin("evaluating", data.examples.size());
  const auto started = std::chrono::steady_clock::now();
  const Predictions predictions =
      predict_file(model, task, file, data,
                   [&progress](std::size_t done) { progress.update(done); });
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - started;
  progress.end();
  if (!options.predictions.empty()) {
    write_file_atomically(options.predictions,
                          predictions_tsv(task, predictions));
  }
  return {evaluate_predictions(task, predictions, data.examples),
          taken.count()};
}

void evaluate(const EvaluateOptions& options, const Globals& globals) {
  const Task task = load_task(options.data.task);
  if (!options.predictions.empty()) {
    check_output_file(options.predictions);
  }
  const ModelFolder folder = find_model(options.model.name);
  const LoadedModel<float> loaded =
      load_task_model(task, folder, MissingHead::kRefuse, 0);
  use_fast_pieces(loaded, options.model.precision);
  const Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  check_vocabulary(tokenizer, loaded.model->config(), folder);
  check_max_length(options.data, loaded.model->config());
  const auto files = files_of(task, options.data, Split::kDev);
  if (files.size() > 1 && !options.predictions.empty()) {
    throw UsageError(
        fmt::format("--predictions takes the predictions of one file, and {} "
                    "has {} dev files: name one with --dev-file",
                    task.name, files.size()));
  }
  std::vector<Evaluation> evaluations;
  double seconds = 0;
  for (const auto& file : files) {
    const TimedEvaluation one = evaluate_file(
        options, task, *loaded.model, tokenizer, file, *globals.progress);
    evaluations.push_back(one.evaluation);
    seconds += one.seconds;
  }
  print(options, join_evaluations(evaluations), seconds);
}

}  // namespace

void add_evaluate(CLI::App& program, Globals& globals) {
  CLI::App& command = *program.add_subcommand(
      "evaluate", "a fine-tuned model's score on a task's dev set");
  const auto options = std::make_shared<EvaluateOptions>();
  add_model_choice(command, options->model);
  add_task_options(command, options->data);
  command.add_option("--predictions", options->predictions,
                     "write the predictions to this TSV file");
  command.add_flag("--json", options->json, "print the result as JSON");
  on_run<EvaluateOptions>(
      command, options,
      [&globals](const EvaluateOptions& given) { evaluate(given, globals); });
}

}  // namespace distilbert::cli
