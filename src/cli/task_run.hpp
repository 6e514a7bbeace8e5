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

/// Trains `model` on the task, keeping the state of the run in --output, saves
/// the trained model there, and prints its evaluation on the dev set. `loss`
/// makes the loss from the training data; `identity` adds what tells this
/// command from another one. The tokenizer's files are copied from `folder`.
void run_task(
    const TaskRunOptions& options,
    const Task& task,
    const ModelFolder& folder,
    const Model<float>& model,
    const std::function<BatchLoss<float>(const TaskTrainingData&)>& loss,
    TrainingIdentity identity,
    Globals& globals);

/// A note that names what was newly initialised in a model.
void note_initialized(const LoadReport& report, Progress& progress);

/// The absolute path of a folder, for the identity of a run.
std::string identity_of_folder(const ModelFolder& folder);

}  // namespace distilbert::cli
