#include "cli/task_data.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "ch10_glue/encode_examples.hpp"
#include "ch10_glue/evaluate_model.hpp"
#include "common/error.hpp"
#include "common/fingerprint.hpp"

namespace distilbert::cli {
namespace {

// Of all that a file's examples come from: where it holds both train and dev,
// of the list too that tells them apart.
std::string content_of(const Task& task, const std::filesystem::path& file) {
  std::string content = fingerprint_of_file(file);
  if (task.original && file.filename() == task.original->train_file) {
    content += " " + fingerprint_of_file(file.parent_path() /
                                         task.original->dev_pairs_file);
  }
  return content;
}

bool has_empty_text(const Example& example) {
  return example.text.empty() || (example.second && example.second->empty());
}

}  // namespace

void add_task_options(CLI::App& command, TaskDataOptions& options) {
  command
      .add_option("--task", options.task,
                  "a GLUE task (sst2, mrpc, stsb, …), or the .json file that "
                  "describes one of your own")
      ->required();
  command.add_option("--data", options.data,
                     "the GLUE folder, which holds SST-2/train.tsv and so on; "
                     "for a task of your own, the folder of its files where it "
                     "isn't the description's");
  command.add_option("--dev-file", options.dev_file,
                     "evaluate on this file instead");
  command
      .add_option("--max-length", options.max_length,
                  "cut texts to so many tokens, special ones included")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
}

std::vector<std::filesystem::path> files_of(const Task& task,
                                            const TaskDataOptions& options,
                                            Split split) {
  const std::string& named =
      split == Split::kTrain ? options.train_file : options.dev_file;
  if (!named.empty()) {
    return {named};
  }
  if (options.data.empty() && task.custom) {
    return split_files(task, task.custom->description.parent_path(), split);
  }
  if (options.data.empty()) {
    throw UsageError(
        "--data is required, unless the files are named with "
        "--train-file and --dev-file");
  }
  return split_files(task, options.data, split);
}

TrainingIdentity identity_of_data(const Task& task,
                                  const TaskDataOptions& options) {
  TrainingIdentity identity = {{"task", task.name}};
  if (task.custom) {
    identity.emplace_back("task-description", task.custom->fingerprint);
  }
  for (const auto& file : files_of(task, options, Split::kTrain)) {
    identity.emplace_back("train-file",
                          std::filesystem::weakly_canonical(file).string());
    identity.emplace_back("content of train-file", content_of(task, file));
  }
  std::string dev;
  for (const auto& file : files_of(task, options, Split::kDev)) {
    dev += (dev.empty() ? "" : " ") + content_of(task, file);
  }
  identity.emplace_back("content of dev-file", dev);
  identity.emplace_back("max-length", std::to_string(options.max_length));
  identity.emplace_back("max-train-rows",
                        std::to_string(options.max_train_rows));
  return identity;
}

TaskTrainingData read_task_data(const Task& task,
                                const std::filesystem::path& file,
                                Split split,
                                const Tokenizer& tokenizer,
                                const TaskDataOptions& options,
                                Progress& progress) {
  Dataset dataset = read_examples(task, file, split);
  const std::string skipped = describe_skipped(dataset, file);
  if (!skipped.empty()) {
    progress.note(skipped);
  }
  const auto empty = std::ranges::count_if(dataset.examples, has_empty_text);
  if (empty > 0) {
    progress.note(fmt::format("{}: examples with an empty text: {}",
                              file.string(), empty));
  }
  TaskTrainingData data{std::move(dataset.examples), {}, dataset.skipped};
  if (split == Split::kTrain && options.max_train_rows > 0 &&
      data.examples.size() > options.max_train_rows) {
    data.examples.resize(options.max_train_rows);
  }
  try {
    data.encodings =
        encode_examples(tokenizer, data.examples, options.max_length);
  } catch (const Error& error) {
    fail("{}: {}", file.string(), error.what());
  }
  return data;
}

void check_max_length(const TaskDataOptions& options,
                      const ModelConfig& config) {
  if (options.max_length > static_cast<std::size_t>(config.max_positions)) {
    throw UsageError(
        fmt::format("--max-length {}: the model has positions for {}",
                    options.max_length, config.max_positions));
  }
}

Predictions predict_file(const Model<float>& model,
                         const Task& task,
                         const std::filesystem::path& file,
                         const TaskTrainingData& data,
                         const std::function<void(std::size_t)>& done) {
  try {
    return predict_examples(model, task, data.encodings, done);
  } catch (const Error& error) {
    fail("{}: {}", file.string(), error.what());
  }
}

std::string describe(const Evaluation& evaluation) {
  std::string text = evaluation.task + ":";
  for (const Metric& metric : evaluation.metrics) {
    text += fmt::format(" {} {:.4f}", metric.name, metric.value);
  }
  return text + fmt::format(" on {} rows", evaluation.rows);
}

}  // namespace distilbert::cli
