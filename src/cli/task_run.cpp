#include "cli/task_run.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <iostream>

#include "ch10_glue/evaluate_model.hpp"
#include "cli/opened_model.hpp"
#include "cli/output_checks.hpp"
#include "common/error.hpp"
#include "common/folder_lock.hpp"
#include "common/interrupt.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

TrainingObserver observer_of(Progress& progress) {
  TrainingObserver observer;
  observer.started = [&progress](std::size_t done, std::size_t total) {
    if (done > 0 && done < total) {
      progress.note(fmt::format("going on after step {} of {}", done, total));
    }
    progress.begin("training", total, done);
  };
  observer.stepped = [&progress](const StepReport& step) {
    progress.update(step.step, fmt::format("epoch {}, loss {:.4f}",
                                           step.epoch + 1, step.loss));
  };
  observer.epoch_ended = [&progress](std::size_t epoch,
                                     const std::string& text) {
    progress.note(fmt::format("epoch {}: {}", epoch + 1, text));
  };
  return observer;
}

TrainingIdentity identity_of_data(const TaskRunOptions& options,
                                  const std::filesystem::path& train_file,
                                  std::size_t rows) {
  return {
      {"task", options.data.task},
      {"train-file", std::filesystem::weakly_canonical(train_file).string()},
      {"rows", std::to_string(rows)},
      {"max-length", std::to_string(options.data.max_length)}};
}

// The results of all epochs: what a later table or plot reads.
void write_log(const std::filesystem::path& path,
               const TrainingReport& report) {
  write_file_atomically(
      path, fmt::format("{{\"steps\":{},\"losses\":[{}],\"epochs\":[{}]}}\n",
                        report.steps, fmt::join(report.losses, ","),
                        fmt::join(report.epoch_log, ",")));
}

}  // namespace

void add_task_run_options(CLI::App& command, TaskRunOptions& options) {
  add_task_options(command, options.data);
  TrainingOptions& training = options.training;
  const auto add = [&command](const char* name, auto& value, const char* help) {
    command.add_option(name, value, help)->capture_default_str();
  };
  command
      .add_option("--output", options.output,
                  "the folder for the trained model; the same command goes on "
                  "where it was stopped")
      ->required();
  add("--epochs", training.epochs, "passes over the training data");
  add("--batch-size", training.batch_size, "examples per step");
  add("--micro-batch-size", training.micro_batch_size,
      "examples per forward pass, to save memory; 0: the whole batch");
  add("--learning-rate", training.learning_rate, "of the first step");
  add("--warmup-ratio", training.warmup_ratio,
      "share of the steps in which the learning rate rises");
  add("--weight-decay", training.weight_decay, "of AdamW");
  add("--max-grad-norm", training.max_grad_norm,
      "clip gradients to this norm; 0: don't");
  add("--seed", training.seed, "of batch order, dropout and new weights");
  command.add_flag("!--no-dropout", training.dropout, "train without dropout");
  command.add_option("--train-file", options.data.train_file,
                     "train on this file instead");
  add("--max-train-rows", options.data.max_train_rows,
      "use the first so many rows of the training data; 0: all");
  command.add_flag("--json", options.json, "print the result as JSON");
}

void run_task(
    const TaskRunOptions& options,
    const Task& task,
    const ModelFolder& folder,
    const Model<float>& model,
    const std::function<BatchLoss<float>(const TaskTrainingData&)>& loss,
    TrainingIdentity identity,
    Globals& globals) {
  Progress& progress = *globals.progress;
  check_max_length(options.data, model.config());
  const Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  check_vocabulary(tokenizer, model.config(), folder);
  const std::filesystem::path train_file =
      files_of(task, options.data, Split::kTrain).front();
  const std::filesystem::path dev_file =
      files_of(task, options.data, Split::kDev).front();
  const TaskTrainingData train_data = read_task_data(
      task, train_file, Split::kTrain, tokenizer, options.data, progress);
  const TaskTrainingData dev_data = read_task_data(
      task, dev_file, Split::kDev, tokenizer, options.data, progress);
  const FolderLock lock(options.output);
  check_training_output(options.output);

  TrainingTask training;
  training.parameters = model.parameters().parameters();
  training.examples = train_data.examples.size();
  training.loss = loss(train_data);
  training.end_of_epoch = [&](std::size_t /*epoch*/) {
    return to_json(
        evaluate_model(model, task, dev_data.examples, dev_data.encodings));
  };
  training.identity =
      identity_of_data(options, train_file, train_data.examples.size());
  training.identity.insert(training.identity.end(), identity.begin(),
                           identity.end());

  const InterruptGuard guard;
  const TrainingReport report =
      train(training, options.training, options.output, observer_of(progress),
            InterruptGuard::is_requested);
  progress.end();
  if (report.interrupted) {
    fail("stopped after step {} of {}; the same command goes on from there",
         report.steps, report.total_steps);
  }
  const std::filesystem::path output = options.output;
  copy_tokenizer(folder.path(), output);
  save_model(model, output);
  write_log(output / "training_log.json", report);
  const Evaluation evaluation =
      evaluate_model(model, task, dev_data.examples, dev_data.encodings);
  std::cout << (options.json ? to_json(evaluation) : describe(evaluation))
            << '\n';
}

void note_initialized(const LoadReport& report, Progress& progress) {
  if (!report.initialized.empty()) {
    progress.note(fmt::format("newly initialised: {}",
                              fmt::join(report.initialized, ", ")));
  }
}

std::string identity_of_folder(const ModelFolder& folder) {
  return std::filesystem::weakly_canonical(folder.path()).string();
}

}  // namespace distilbert::cli
