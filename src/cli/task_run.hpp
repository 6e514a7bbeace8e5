#pragma once

#include "ch07_distilbert/load_model.hpp"
#include "ch08_training/trainer.hpp"
#include "cli/task_data.hpp"

namespace distilbert::cli {

/// What finetune and distill have in common.
struct TaskRunOptions {
  TaskDataOptions data;
  TrainingOptions training;
  std::string output;
  bool json = false;
};

/// Adds the options of TaskRunOptions.
void add_task_run_options(CLI::App& command, TaskRunOptions& options);

/// What finetune and distill each train in their own way. Refers to objects
/// that must outlive it.
struct TaskRun {
  const Task& task;
  const ModelFolder& folder;  ///< where the tokenizer's files are
  Model<float>& model;
  /// Makes the loss from the training data.
  std::function<BatchLoss<float>(const TaskTrainingData&)> loss;
  /// What tells this command from another one.
  TrainingIdentity identity;
};

/// A task's data, read and encoded for a model.
struct TaskSplits {
  TaskTrainingData train;
  /// One, or two for MNLI: matched, then mismatched.
  std::vector<TaskTrainingData> dev;
};

/// Reads what the options name. Skipped rows are noted.
TaskSplits read_splits(const TaskRunOptions& options,
                       const TaskRun& run,
                       Progress& progress);

/// Trains the model on the task, keeping the state of the run in --output,
/// which must be this process's own (FolderLock). Throws Error, saying how to
/// go on, where a signal stopped it (InterruptGuard).
TrainingReport train_on_task(const TaskRunOptions& options,
                             const TaskRun& run,
                             const TaskSplits& splits,
                             const TrainingObserver& observer);

/// Trains the model on the task, keeping the state of the run in --output,
/// saves the trained model there with a copy of the tokenizer's files, and
/// prints its evaluation on the dev set.
void run_task(const TaskRunOptions& options,
              const TaskRun& run,
              Globals& globals);

/// A note that names what was newly initialised in a model.
void note_initialized(const LoadReport& report, Progress& progress);

/// What tells a model from another one, for the identity of a run: under `name`
/// the absolute path of its folder, and what is in each of its files. Throws
/// Error where one that a model must have isn't there.
TrainingIdentity identity_of_model(const std::string& name,
                                   const ModelFolder& folder);

}  // namespace distilbert::cli
