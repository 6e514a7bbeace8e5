#include "ch10_glue/read_examples.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ch10_glue/example_collector.hpp"
#include "ch10_glue/json_examples.hpp"
#include "ch10_glue/list_names.hpp"
#include "ch10_glue/original_rows.hpp"
#include "ch10_glue/parse_csv.hpp"
#include "ch10_glue/parse_tsv.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "common/mapped_file.hpp"
#include "common/utf8.hpp"

namespace distilbert {

namespace {

namespace fs = std::filesystem;

// Where a file's rows have what an example needs.
struct Columns {
  std::size_t count = 0;
  std::vector<std::size_t> sentences;
  std::optional<std::size_t> label;
};

// For all formats, and before any is parsed: a line in another encoding isn't a
// malformed row, which train would skip, but a sign that the whole file is.
void require_utf8(std::string_view text, const fs::path& file) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    try {
      static_cast<void>(decode_utf8(text.substr(0, end)));
    } catch (const Error& error) {
      fail("{}, line {}: {}", file.string(), line, error.what());
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

std::size_t find_column(const TsvRow& header,
                        std::string_view name,
                        const fs::path& file) {
  const auto& found = header.fields;
  const auto column = std::find(found.begin(), found.end(), name);
  if (column == found.end()) {
    const std::vector<std::string> names(found.begin(), found.end());
    fail("{}: no column \"{}\", found {}", file.string(), name,
         list_names(names));
  }
  if (std::find(column + 1, found.end(), name) != found.end()) {
    fail("{}: column \"{}\" is there twice", file.string(), name);
  }
  return static_cast<std::size_t>(column - found.begin());
}

Columns find_columns(const Task& task,
                     const TsvRow& header,
                     const fs::path& file,
                     Split split) {
  Columns columns{.count = header.fields.size(), .sentences = {}, .label = {}};
  for (const std::string& name : task.sentence_columns) {
    columns.sentences.push_back(find_column(header, name, file));
  }
  if (split != Split::kTest) {
    columns.label = find_column(header, task.label_column, file);
  }
  return columns;
}

// What is wrong with a row's form; empty if nothing is.
std::string malformation(const TsvRow& row, const Columns& columns) {
  if (row.fields.size() != columns.count) {
    return fmt::format("line {}: {} field{}, expected {}", row.line,
                       row.fields.size(), row.fields.size() == 1 ? "" : "s",
                       columns.count);
  }
  const bool nul = std::any_of(
      row.fields.begin(), row.fields.end(), [](std::string_view field) {
        return field.find('\0') != std::string_view::npos;
      });
  return nul ? fmt::format("line {}: a NUL byte", row.line) : "";
}

void collect_row(const TsvRow& row,
                 const Columns& columns,
                 ExampleCollector& collector) {
  Example example;
  example.line = row.line;
  example.text = row.fields[columns.sentences.front()];
  if (columns.sentences.size() == 2) {
    example.second = row.fields[columns.sentences.back()];
  }
  std::optional<std::string_view> label;
  if (columns.label) {
    label = row.fields[*columns.label];
  }
  collector.add(std::move(example), label);
}

// A table without a header row: columns go by their numbers.
Columns find_numbered_columns(const Task& task,
                              const TsvRow& first,
                              const fs::path& file,
                              Split split) {
  std::vector<std::string> numbers;
  numbers.reserve(first.fields.size());
  for (std::size_t i = 0; i < first.fields.size(); ++i) {
    numbers.push_back(std::to_string(i));
  }
  return find_columns(task,
                      {.line = 0, .fields = {numbers.begin(), numbers.end()}},
                      file, split);
}

// The rows that hold examples, and where in them to look.
std::pair<std::span<const TsvRow>, Columns> body(const Task& task,
                                                 std::span<const TsvRow> rows,
                                                 const fs::path& file,
                                                 Split split) {
  if (rows.empty()) {
    fail("{}: the file is empty", file.string());
  }
  if (task.without_header && split != Split::kTest) {
    const ColumnPositions& at = *task.without_header;
    return {rows, Columns{at.columns, {at.sentence}, at.label}};
  }
  if (task.custom && !task.custom->header) {
    return {rows, find_numbered_columns(task, rows.front(), file, split)};
  }
  return {rows.subspan(1), find_columns(task, rows.front(), file, split)};
}

// Set for a file that holds train and dev.
std::optional<OriginalRows> original_rows(const Task& task,
                                          const TsvRow& header,
                                          const fs::path& file) {
  if (!task.original || file.filename() != task.original->train_file) {
    return std::nullopt;
  }
  std::vector<std::size_t> columns;
  for (const std::string& name : task.original->id_columns) {
    columns.push_back(find_column(header, name, file));
  }
  return OriginalRows(file.parent_path() / task.original->dev_pairs_file,
                      std::move(columns));
}

// A user's own task may leave the format to the file's name.
DataFormat format_of(const Task& task, const fs::path& file) {
  if (!task.custom) {
    return DataFormat::kTsv;
  }
  std::string extension = file.extension().string();
  extension.erase(0, 1);
  const std::optional<DataFormat> format =
      task.custom->format ? task.custom->format : find_data_format(extension);
  if (!format) {
    fail(
        "{}: expected a name that ends in .tsv, .csv, .json or .jsonl, or "
        "\"format\" in {}",
        file.string(), task.custom->description.string());
  }
  return *format;
}

void collect_rows(std::span<const TsvRow> all_rows,
                  ExampleCollector& collector) {
  const Task& task = collector.task();
  const fs::path& file = collector.file();
  const auto [rows, columns] = body(task, all_rows, file, collector.split());
  const std::optional<OriginalRows> original =
      original_rows(task, all_rows.front(), file);
  std::size_t collected = 0;
  for (const TsvRow& row : rows) {
    std::string wrong = malformation(row, columns);
    if (!wrong.empty()) {
      collector.refuse(std::move(wrong));
    } else if (!original || original->in_split(row, collector.split())) {
      collect_row(row, columns, collector);
      ++collected;
    }
  }
  if (original && task.original && collector.split() == Split::kDev &&
      collected != original->dev_rows()) {
    fail("{}: {} row{} of the {} that {} names", file.string(), collected,
         collected == 1 ? "" : "s", original->dev_rows(),
         task.original->dev_pairs_file);
  }
}

void collect_csv(std::string_view text, ExampleCollector& collector) {
  const std::vector<CsvRow> records =
      parse_csv(text, collector.file().string());
  std::vector<TsvRow> rows;
  rows.reserve(records.size());
  for (const CsvRow& record : records) {
    rows.push_back({.line = record.line,
                    .fields = {record.fields.begin(), record.fields.end()}});
  }
  collect_rows(rows, collector);
}

}  // namespace

Dataset read_examples(const Task& task, const fs::path& file, Split split) {
  const DataFormat format = format_of(task, file);
  const std::shared_ptr<MappedFile> mapped = MappedFile::open(file);
  const std::string_view text = mapped->text();
  require_utf8(text, file);
  ExampleCollector collector(task, file, split,
                             format == DataFormat::kJson ? "record" : "line");
  switch (format) {
    case DataFormat::kTsv:
      collect_rows(parse_tsv(text), collector);
      break;
    case DataFormat::kCsv:
      collect_csv(text, collector);
      break;
    case DataFormat::kJson:
      collect_json_examples(text, collector);
      break;
    case DataFormat::kJsonLines:
      collect_json_lines(text, collector);
      break;
  }
  return std::move(collector).finish();
}

std::string describe_skipped(const Dataset& dataset, const fs::path& file) {
  if (dataset.skipped == 0) {
    return "";
  }
  return fmt::format(
      "skipped {} row{} of {} ({}{})", dataset.skipped,
      dataset.skipped == 1 ? "" : "s", file.string(),
      fmt::join(dataset.first_skipped, "; "),
      dataset.skipped > dataset.first_skipped.size() ? "; ..." : "");
}

}  // namespace distilbert
