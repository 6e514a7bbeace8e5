#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "ch02_tokenizer/tokenizer.hpp"
#include "ch08_training/training_identity.hpp"
#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/task_training.hpp"
#include "cli/command.hpp"

namespace distilbert::cli {

/// Where a task's data is and how much of it is used.
struct TaskDataOptions {
  std::string task;
  std::string data;
  std::string train_file;
  std::string dev_file;
  std::size_t max_length = 128;
  std::size_t max_train_rows = 0;  ///< 0: all
};

/// Adds --task, --data, --dev-file and --max-length.
void add_task_options(CLI::App& command, TaskDataOptions& options);

/// The files of a split: the one the user named, or the task's own. Throws
/// UsageError where a GLUE task's are wanted, and no folder is named.
std::vector<std::filesystem::path> files_of(const Task& task,
                                            const TaskDataOptions& options,
                                            Split split);

/// What tells a task's data from other data, for the identity of a run: the
/// task's name, what the description of a user's own says, what is in the train
/// and dev files, and how much of it is used.
TrainingIdentity identity_of_data(const Task& task,
                                  const TaskDataOptions& options);

/// Reads and encodes one file. Skipped rows and empty texts are noted. Throws
/// Error, naming the file, where it can't be used.
TaskTrainingData read_task_data(const Task& task,
                                const std::filesystem::path& file,
                                Split split,
                                const Tokenizer& tokenizer,
                                const TaskDataOptions& options,
                                Progress& progress);

/// predict_examples on what read_task_data made of a file, which is named where
/// Error is thrown.
Predictions predict_file(const Model<float>& model,
                         const Task& task,
                         const std::filesystem::path& file,
                         const TaskTrainingData& data,
                         const std::function<void(std::size_t)>& done);

/// Throws UsageError where --max-length is more than the model's positions.
void check_max_length(const TaskDataOptions& options,
                      const ModelConfig& config);

/// One line for people: "sst2: accuracy 0.9002 on 872 rows".
std::string describe(const Evaluation& evaluation);

}  // namespace distilbert::cli
