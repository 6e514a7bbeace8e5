#include "cli/task_run.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <iostream>

#include "ch10_glue/evaluate_model.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "cli/opened_model.hpp"
#include "cli/output_checks.hpp"
#include "common/error.hpp"
#include "common/fingerprint.hpp"
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

// With the pieces of the command `evaluate`, so that both give the same bits.
Evaluation evaluate_on_dev(const TaskSplits& splits, const TaskRun& run) {
  const FastEvaluation fast(run.model);
  std::vector<Evaluation> evaluations;
  evaluations.reserve(splits.dev.size());
  for (const TaskTrainingData& data : splits.dev) {
    evaluations.push_back(
        evaluate_model(run.model, run.task, data.examples, data.encodings));
  }
  return join_evaluations(evaluations);
}

// What train() needs; `run` and `splits` must outlive it.
TrainingTask training_task(const TaskRunOptions& options,
                           const TaskRun& run,
                           const TaskSplits& splits) {
  TrainingTask training;
  training.parameters = run.model.parameters().parameters();
  training.examples = splits.train.examples.size();
  training.loss = run.loss(splits.train);
  training.end_of_epoch = [&run, &splits](std::size_t /*epoch*/) {
    return to_json(evaluate_on_dev(splits, run));
  };
  training.identity =
      joined({identity_of_data(run.task, options.data), run.identity});
  return training;
}

// The results of all epochs: what a later table or plot reads.
void write_log(const std::filesystem::path& path,
               const TrainingReport& report,
               const TaskTrainingData& train) {
  write_file_atomically(
      path, fmt::format("{{\"train_rows\":{},\"skipped_rows\":{},\"steps\":{},"
                        "\"losses\":[{}],\"epochs\":[{}]}}\n",
                        train.examples.size(), train.skipped, report.steps,
                        fmt::join(report.losses, ","),
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

TaskSplits read_splits(const TaskRunOptions& options,
                       const TaskRun& run,
                       Progress& progress) {
  check_max_length(options.data, run.model.config());
  const Tokenizer tokenizer = Tokenizer::from_folder(run.folder.path());
  check_vocabulary(tokenizer, run.model.config(), run.folder);
  const auto read = [&](const std::filesystem::path& file, Split split) {
    return read_task_data(run.task, file, split, tokenizer, options.data,
                          progress);
  };
  TaskSplits splits;
  splits.train = read(files_of(run.task, options.data, Split::kTrain).front(),
                      Split::kTrain);
  for (const auto& file : files_of(run.task, options.data, Split::kDev)) {
    splits.dev.push_back(read(file, Split::kDev));
  }
  return splits;
}

TrainingReport train_on_task(const TaskRunOptions& options,
                             const TaskRun& run,
                             const TaskSplits& splits,
                             const TrainingObserver& observer) {
  TrainingReport report =
      train(training_task(options, run, splits), options.training,
            options.output, observer, InterruptGuard::is_requested);
  if (report.interrupted) {
    fail("stopped after step {} of {}; the same command goes on from there",
         report.steps, report.total_steps);
  }
  return report;
}

void run_task(const TaskRunOptions& options,
              const TaskRun& run,
              Globals& globals) {
  Progress& progress = *globals.progress;
  const TaskSplits splits = read_splits(options, run, progress);
  const FolderLock lock(options.output);
  check_training_output(options.output);
  const InterruptGuard guard;
  const TrainingReport report =
      train_on_task(options, run, splits, observer_of(progress));
  progress.end();
  const std::filesystem::path output = options.output;
  copy_tokenizer(run.folder.path(), output);
  save_model(run.model, output);
  write_log(output / "training_log.json", report, splits.train);
  const Evaluation evaluation = evaluate_on_dev(splits, run);
  std::cout << (options.json ? to_json(evaluation) : describe(evaluation))
            << '\n';
}

void note_initialized(const LoadReport& report, Progress& progress) {
  if (!report.initialized.empty()) {
    progress.note(fmt::format("newly initialised: {}",
                              fmt::join(report.initialized, ", ")));
  }
}

TrainingIdentity identity_of_model(const std::string& name,
                                   const ModelFolder& folder) {
  TrainingIdentity identity = {
      {name, std::filesystem::weakly_canonical(folder.path()).string()},
      {"weights of " + name, fingerprint_of_file(folder.weights())},
      {"configuration of " + name, fingerprint_of_file(folder.config())},
      {"vocabulary of " + name, fingerprint_of_file(folder.vocabulary())}};
  if (const auto config = folder.tokenizer_config()) {
    identity.emplace_back("tokenizer configuration of " + name,
                          fingerprint_of_file(*config));
  }
  return identity;
}

}  // namespace distilbert::cli
