#include "ch10_glue/task_description.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ch10_glue/data_format.hpp"
#include "ch10_glue/json_examples.hpp"
#include "ch10_glue/label_permutation.hpp"
#include "ch10_glue/list_names.hpp"
#include "common/error.hpp"
#include "common/fingerprint.hpp"
#include "common/json.hpp"
#include "common/mapped_file.hpp"
#include "common/printable.hpp"

namespace distilbert {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::array kMetricKinds = {
    MetricKind::kAccuracy, MetricKind::kF1, MetricKind::kMatthews,
    MetricKind::kPearson, MetricKind::kSpearman};

// Names end up on terminals, in tables and in a model's config.json.
constexpr const char* kName = "1 to 120 bytes without control characters";

bool is_name(std::string_view text) {
  return !text.empty() && printable(text) == text;
}

void refuse_unknown_keys(const json& description, const std::string& file) {
  const std::vector<std::string> known = {
      "name",    "train", "dev",   "test",   "format",     "header",
      "records", "text",  "label", "labels", "regression", "metrics"};
  for (const auto& entry : description.items()) {
    if (std::ranges::find(known, entry.key()) == known.end()) {
      fail("{}: unknown key \"{}\", expected one of {}", file,
           printable(entry.key(), 40), list_names(known));
    }
  }
}

std::string text_or_empty(const JsonObject& object, std::string_view key) {
  if (!object.contains(key)) {
    return "";
  }
  std::string text = object.text(key);
  if (text.empty()) {
    object.refuse(key, "a text that isn't empty");
  }
  return text;
}

bool flag_or(const JsonObject& object, std::string_view key, bool otherwise) {
  return object.contains(key) ? object.boolean(key) : otherwise;
}

std::vector<std::string> one_or_none(std::string name) {
  return name.empty() ? std::vector<std::string>{}
                      : std::vector{std::move(name)};
}

// What the files are and how they are written.
CustomFiles read_files(const JsonObject& object, Task& task) {
  task.train_file = text_or_empty(object, "train");
  task.dev_files = one_or_none(text_or_empty(object, "dev"));
  task.test_files = one_or_none(text_or_empty(object, "test"));
  CustomFiles files;
  const std::string format = text_or_empty(object, "format");
  files.format = find_data_format(format);
  if (!format.empty() && !files.format) {
    object.refuse("format", R"("tsv", "csv", "json" or "jsonl")");
  }
  files.header = flag_or(object, "header", /*otherwise=*/true);
  files.records = text_or_empty(object, "records");
  if (!files.records.empty() &&
      files.format.value_or(DataFormat::kJson) != DataFormat::kJson) {
    object.refuse("records", "no such key unless the format is json");
  }
  return files;
}

// One column: all of the key's value, or a part of it.
std::string read_column(const JsonObject& object,
                        std::string_view key,
                        const json& column,
                        bool header) {
  if (header && column.is_string()) {
    return column.get<std::string>();
  }
  if (!header && column.is_number_unsigned()) {
    return column.dump();
  }
  object.refuse(key, header ? "a column's name"
                            : "a column's number, as there is no header");
}

void read_columns(const JsonObject& object, bool header, Task& task) {
  const json& text = object.value("text");
  for (const json& column : text.is_array() ? text : json::array({text})) {
    task.sentence_columns.push_back(
        read_column(object, "text", column, header));
  }
  const std::vector<std::string>& columns = task.sentence_columns;
  if (columns.empty() || columns.size() > 2 ||
      (task.pairs() && columns.front() == columns.back())) {
    object.refuse("text", "one column, or two different ones for pairs");
  }
  task.label_column =
      read_column(object, "label", object.value("label"), header);
  if (std::ranges::find(columns, task.label_column) != columns.end()) {
    object.refuse("label", "a column that isn't a text's");
  }
}

std::string read_label(const json& label, const std::string& file) {
  std::optional<std::string> text = spell_label(label);
  if (!text || !is_name(*text)) {
    fail("{}: labels: expected labels of {}, found {}", file, kName,
         describe_json(label));
  }
  return *std::move(text);
}

// Models' labels are found by their names, case aside.
void refuse_same_names(const std::vector<std::string>& names,
                       const std::string& file) {
  const std::vector<std::size_t> found = label_permutation(names, names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (found[i] != i) {
      fail(
          "{}: labels: expected each once, case aside, found \"{}\" and "
          "\"{}\"",
          file, names[found[i]], names[i]);
    }
  }
}

// `labels` is the key's value with its own keys in the file's order.
void read_labels(const JsonObject& object,
                 const ordered_json& labels,
                 const std::string& file,
                 Task& task) {
  if (task.regression) {
    if (object.contains("labels")) {
      object.refuse("labels", "no such key beside \"regression\": true");
    }
    return;
  }
  if (!labels.is_structured() || labels.size() < 2) {
    object.refuse("labels",
                  "an array or an object of two or more (or \"regression\": "
                  "true)");
  }
  for (const auto& entry : labels.items()) {
    std::string name = read_label(entry.value(), file);
    task.file_labels.push_back(
        labels.is_object() ? read_label(entry.key(), file) : name);
    task.label_names.push_back(std::move(name));
  }
  refuse_same_names(task.label_names, file);
}

MetricKind read_metric(const json& name,
                       const Task& task,
                       const std::string& file) {
  std::vector<std::string> known;
  for (const MetricKind kind : kMetricKinds) {
    const bool of_scores =
        kind == MetricKind::kPearson || kind == MetricKind::kSpearman;
    const bool of_two_classes =
        kind == MetricKind::kF1 || kind == MetricKind::kMatthews;
    if (of_scores == task.regression &&
        (!of_two_classes || task.label_names.size() == 2)) {
      known.emplace_back(metric_name(kind));
      if (name == known.back()) {
        return kind;
      }
    }
  }
  fail("{}: metrics: expected, for {}, some of {}, found {}", file,
       task.regression ? std::string("scores")
                       : fmt::format("{} labels", task.label_names.size()),
       list_names(known), describe_json(name));
}

void read_metrics(const JsonObject& object,
                  const std::string& file,
                  Task& task) {
  if (!object.contains("metrics")) {
    task.metrics = task.regression ? std::vector{MetricKind::kPearson,
                                                 MetricKind::kSpearman}
                                   : std::vector{MetricKind::kAccuracy};
    return;
  }
  const json& names = object.value("metrics");
  if (!names.is_array() || names.empty()) {
    object.refuse("metrics", "an array of metrics' names");
  }
  for (const json& name : names) {
    const MetricKind kind = read_metric(name, task, file);
    if (std::ranges::find(task.metrics, kind) != task.metrics.end()) {
      fail("{}: metrics: expected each once, found {} twice", file,
           describe_json(name));
    }
    task.metrics.push_back(kind);
  }
}

}  // namespace

Task read_task_description(const std::filesystem::path& path) {
  const std::string file = path.string();
  const std::shared_ptr<MappedFile> mapped = MappedFile::open(path);
  const std::string_view text = mapped->text();
  const json description = parse_json(text, file);
  const JsonObject object(description, file);
  refuse_unknown_keys(description, file);
  // Once more, since the first value has lost the order of the labels.
  const ordered_json ordered = ordered_json::parse(text);
  Task task;
  task.name = object.text("name");
  if (!is_name(task.name)) {
    object.refuse("name", kName);
  }
  task.display_name = task.name;
  task.regression = flag_or(object, "regression", /*otherwise=*/false);
  CustomFiles files = read_files(object, task);
  files.description = path;
  files.fingerprint = fingerprint(ordered.dump());
  read_columns(object, files.header, task);
  task.custom = std::move(files);
  read_labels(object, ordered.value("labels", ordered_json()), file, task);
  read_metrics(object, file, task);
  return task;
}

Task load_task(std::string_view name_or_file) {
  return name_or_file.ends_with(".json") ? read_task_description(name_or_file)
                                         : find_task(name_or_file);
}

}  // namespace distilbert
