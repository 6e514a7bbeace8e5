#include "ch10_glue/read_examples.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "ch10_glue/list_names.hpp"
#include "ch10_glue/parse_tsv.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "common/mapped_file.hpp"
#include "common/printable.hpp"
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

void require_utf8(const TsvRow& row, const fs::path& file) {
  try {
    for (const std::string_view field : row.fields) {
      static_cast<void>(decode_utf8(field));
    }
  } catch (const Error& error) {
    fail("{}, line {}: {}", file.string(), row.line, error.what());
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
    return fmt::format("line {}: {} fields, expected {}", row.line,
                       row.fields.size(), columns.count);
  }
  const bool nul = std::any_of(
      row.fields.begin(), row.fields.end(), [](std::string_view field) {
        return field.find('\0') != std::string_view::npos;
      });
  return nul ? fmt::format("line {}: a NUL byte", row.line) : "";
}

int parse_class(const Task& task,
                std::string_view field,
                const std::string& place) {
  const auto found =
      std::find(task.file_labels.begin(), task.file_labels.end(), field);
  if (found == task.file_labels.end()) {
    fail("{}: label \"{}\", expected one of {}", place, printable(field, 40),
         list_names(task.file_labels));
  }
  return static_cast<int>(found - task.file_labels.begin());
}

float parse_score(std::string_view field, const std::string& place) {
  double score = 0.0;
  const char* begin = field.data();
  const char* end = begin + field.size();
  const auto [stop, error] = std::from_chars(begin, end, score);
  // Written so that NaN, which from_chars reads, doesn't pass.
  if (error != std::errc() || stop != end || !(score >= 0.0 && score <= 5.0)) {
    fail("{}: score \"{}\", expected a number from 0 to 5", place,
         printable(field, 40));
  }
  return static_cast<float>(score);
}

Example make_example(const Task& task,
                     const TsvRow& row,
                     const Columns& columns,
                     const fs::path& file) {
  Example example;
  example.line = row.line;
  example.text = row.fields[columns.sentences.front()];
  if (task.pairs()) {
    example.second = row.fields[columns.sentences.back()];
  }
  if (columns.label) {
    const std::string_view field = row.fields[*columns.label];
    const std::string place =
        fmt::format("{}, line {}", file.string(), row.line);
    if (task.regression) {
      example.score = parse_score(field, place);
    } else {
      example.label = parse_class(task, field, place);
    }
  }
  return example;
}

void report_skipped(Dataset& dataset, std::string what) {
  constexpr std::size_t kNamed = 3;
  ++dataset.skipped;
  if (dataset.first_skipped.size() < kNamed) {
    dataset.first_skipped.push_back(std::move(what));
  }
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
  return {rows.subspan(1), find_columns(task, rows.front(), file, split)};
}

}  // namespace

Dataset read_examples(const Task& task, const fs::path& file, Split split) {
  const std::shared_ptr<MappedFile> mapped = MappedFile::open(file);
  const std::span<const std::byte> bytes = std::as_const(*mapped).bytes();
  // A file's bytes may be looked at as char.
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              bytes.size());
  const std::vector<TsvRow> all_rows = parse_tsv(text);
  for (const TsvRow& row : all_rows) {
    require_utf8(row, file);
  }
  const auto [rows, columns] = body(task, all_rows, file, split);
  Dataset dataset;
  for (const TsvRow& row : rows) {
    std::string wrong = malformation(row, columns);
    if (wrong.empty()) {
      dataset.examples.push_back(make_example(task, row, columns, file));
    } else if (split == Split::kTrain) {
      report_skipped(dataset, std::move(wrong));
    } else {
      fail("{}, {}", file.string(), wrong);
    }
  }
  if (dataset.examples.empty()) {
    fail("{}: no rows{}{}", file.string(), dataset.skipped == 0 ? "" : "; ",
         describe_skipped(dataset, file));
  }
  return dataset;
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
