#include "ch10_glue/json_examples.hpp"

#include <fmt/core.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ch10_glue/byte_order_mark.hpp"
#include "ch10_glue/list_names.hpp"
#include "common/error.hpp"
#include "common/json.hpp"

namespace distilbert {

namespace {

std::string text_of(const JsonObject& record,
                    const std::string& key,
                    const std::string& place) {
  std::string text = record.text(key);
  if (text.find('\0') != std::string::npos) {
    fail("{}: {}: a NUL byte", place, key);
  }
  return text;
}

std::string label_of(const JsonObject& record, const std::string& key) {
  const std::optional<std::string> label = spell_label(record.value(key));
  if (!label) {
    record.refuse(key, "a string, a number or a truth value");
  }
  return *label;
}

void collect_record(const nlohmann::json& value,
                    std::size_t number,
                    ExampleCollector& collector) {
  const std::string place = fmt::format("{} {}", collector.unit(), number);
  const Task& task = collector.task();
  Example example;
  example.line = number;
  std::optional<std::string> label;
  try {
    const JsonObject record(value, place);
    example.text = text_of(record, task.sentence_columns.front(), place);
    if (task.pairs()) {
      example.second = text_of(record, task.sentence_columns.back(), place);
    }
    if (collector.split() != Split::kTest) {
      label = label_of(record, task.label_column);
    }
  } catch (const Error& error) {
    collector.refuse(error.what());
    return;
  }
  collector.add(std::move(example), label);
}

// The array that an object has under a key.
const nlohmann::json& find_records(const nlohmann::json& file,
                                   const std::string& name,
                                   const std::string& key) {
  const JsonObject object(file, name);
  if (!object.contains(key)) {
    std::vector<std::string> keys;
    for (const auto& entry : file.items()) {
      keys.push_back(entry.key());
    }
    fail("{}: no key \"{}\", found {}", name, key, list_names(keys));
  }
  if (!object.value(key).is_array()) {
    object.refuse(key, "an array of records");
  }
  return object.value(key);
}

// What parse_json says about a text that is one line of a file: without the
// name, and without a number of the line, which would be 1.
std::string_view fault_in_line(std::string_view message) {
  for (const std::string_view prefix : {": ", "line 1, "}) {
    message.remove_prefix(message.starts_with(prefix) ? prefix.size() : 0);
  }
  return message;
}

}  // namespace

void collect_json_examples(std::string_view text, ExampleCollector& collector) {
  const std::string name = collector.file().string();
  const nlohmann::json file = parse_json(without_byte_order_mark(text), name);
  const std::optional<CustomFiles>& custom = collector.task().custom;
  const std::string key = custom ? custom->records : "";
  if (key.empty() && !file.is_array()) {
    fail(
        "{}: expected an array of records, or \"records\" in the task's "
        "description, found {}",
        name, describe_json(file));
  }
  std::size_t number = 0;
  for (const nlohmann::json& record :
       key.empty() ? file : find_records(file, name, key)) {
    collect_record(record, ++number, collector);
  }
}

void collect_json_lines(std::string_view text, ExampleCollector& collector) {
  text = without_byte_order_mark(text);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    nlohmann::json record;
    try {
      record = parse_json(line, "");
    } catch (const Error& error) {
      collector.refuse(
          fmt::format("line {}: {}", number, fault_in_line(error.what())));
      continue;
    }
    collect_record(record, number, collector);
  }
}

std::optional<std::string> spell_label(const nlohmann::json& label) {
  if (label.is_string()) {
    return label.get<std::string>();
  }
  if (label.is_number() || label.is_boolean()) {
    return label.dump();
  }
  return std::nullopt;
}

}  // namespace distilbert
