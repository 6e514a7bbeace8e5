#include <span>
#include <vector>

#include "ch10_glue/task.hpp"

namespace distilbert {

namespace {

// What most tasks have in common: two classes written 0 and 1, accuracy, and
// the three files under their plain names.
Task base_task(const char* name, const char* folder) {
  return {.name = name,
          .folder = folder,
          .display_name = folder,
          .sentence_columns = {"sentence1", "sentence2"},
          .label_column = "label",
          .without_header = {},
          .label_names = {},
          .file_labels = {"0", "1"},
          .regression = false,
          .metrics = {MetricKind::kAccuracy},
          .train_file = "train.tsv",
          .dev_files = {"dev.tsv"},
          .test_files = {"test.tsv"},
          .original = {},
          .custom = {}};
}

Task cola() {
  Task task = base_task("cola", "CoLA");
  task.sentence_columns = {"sentence"};
  task.without_header = {.columns = 4, .sentence = 3, .label = 1};
  task.label_names = {"unacceptable", "acceptable"};
  task.metrics = {MetricKind::kMatthews};
  return task;
}

Task sst2() {
  Task task = base_task("sst2", "SST-2");
  task.sentence_columns = {"sentence"};
  task.label_names = {"negative", "positive"};
  return task;
}

Task mrpc() {
  Task task = base_task("mrpc", "MRPC");
  task.sentence_columns = {"#1 String", "#2 String"};
  task.label_column = "Quality";
  task.label_names = {"not_equivalent", "equivalent"};
  task.metrics = {MetricKind::kAccuracy, MetricKind::kF1};
  task.original = {.train_file = "msr_paraphrase_train.txt",
                   .dev_pairs_file = "dev_ids.tsv",
                   .id_columns = {"#1 ID", "#2 ID"},
                   .test_file = "msr_paraphrase_test.txt"};
  return task;
}

Task stsb() {
  Task task = base_task("stsb", "STS-B");
  task.label_column = "score";
  task.file_labels = {};
  task.regression = true;
  task.metrics = {MetricKind::kPearson, MetricKind::kSpearman};
  return task;
}

Task qqp() {
  Task task = base_task("qqp", "QQP");
  task.sentence_columns = {"question1", "question2"};
  task.label_column = "is_duplicate";
  task.label_names = {"not_duplicate", "duplicate"};
  task.metrics = {MetricKind::kAccuracy, MetricKind::kF1};
  return task;
}

Task mnli() {
  Task task = base_task("mnli", "MNLI");
  task.label_column = "gold_label";
  task.label_names = {"entailment", "neutral", "contradiction"};
  task.file_labels = task.label_names;
  task.dev_files = {"dev_matched.tsv", "dev_mismatched.tsv"};
  task.test_files = {"test_matched.tsv", "test_mismatched.tsv"};
  return task;
}

Task qnli() {
  Task task = base_task("qnli", "QNLI");
  task.sentence_columns = {"question", "sentence"};
  task.label_names = {"entailment", "not_entailment"};
  task.file_labels = task.label_names;
  return task;
}

Task rte() {
  Task task = base_task("rte", "RTE");
  task.label_names = {"entailment", "not_entailment"};
  task.file_labels = task.label_names;
  return task;
}

Task wnli() {
  Task task = base_task("wnli", "WNLI");
  task.label_names = {"not_entailment", "entailment"};
  return task;
}

Task ax() {
  Task task = mnli();
  task.name = "ax";
  task.folder = "diagnostic";
  task.display_name = "AX";
  task.label_column = "label";
  // Its labels are with the benchmark's server, which does the scoring.
  task.metrics = {};
  task.train_file = "";
  task.dev_files = {};
  task.test_files = {"diagnostic.tsv"};
  return task;
}

}  // namespace

std::span<const Task> glue_tasks() {
  static const std::vector<Task> tasks = {cola(), sst2(), mrpc(), stsb(), qqp(),
                                          mnli(), qnli(), rte(),  wnli(), ax()};
  return tasks;
}

}  // namespace distilbert
