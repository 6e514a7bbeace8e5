#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/task.hpp"

namespace distilbert {

/// Which part of a task's data a file holds. It decides how strictly the file
/// is read.
enum class Split { kTrain, kDev, kTest };

/// A text or a pair of texts, with what a model should say about it. Texts are
/// valid UTF-8 and otherwise as the file has them, nothing trimmed.
struct Example {
  /// The text, or the first of a pair.
  std::string text;
  /// The second text of a pair.
  std::optional<std::string> second;
  /// The class, an index into the task's label_names; −1 for regression and in
  /// the test split.
  int label = -1;
  /// The score, 0 to 5 in STS-B; NaN for classification and in the test split.
  float score = std::numeric_limits<float>::quiet_NaN();
  /// Its line in the file, from 1; the line on which it begins in CSV, and its
  /// number in the array, from 1, in JSON.
  std::size_t line = 0;
  /// What `line` counts: "line", or "record" in JSON.
  std::string_view unit = "line";
};

/// A file's examples in its order, and what was left out.
struct Dataset {
  /// The rows that were read.
  std::vector<Example> examples;
  /// How many rows of a train file were skipped.
  std::size_t skipped = 0;
  /// The first three of them: "line 7: 3 fields, expected 4".
  std::vector<std::string> first_skipped;
};

/// The files of a task's split in a folder of the official layout, such as
/// GLUE/SST-2/dev.tsv; two for MNLI's dev and test, matched first. Where one
/// isn't there, but the original file that holds its rows is, that one. For a
/// user's own task the folder is the one that its description's names start
/// from. Throws Error if the task has no such split, or if no file of it is
/// there.
[[nodiscard]] std::vector<std::filesystem::path> split_files(
    const Task& task, const std::filesystem::path& glue, Split split);

/// Reads one file of a task.
///
/// Columns are found by their names in the header line, so that files with
/// other columns besides are welcome; CoLA's train and dev files have none, and
/// theirs are found by position. A row must have as many fields as the header
/// (CoLA: four), and no NUL byte. In the train split rows that don't are
/// skipped and reported in the result: some copies of QQP hold a few. In dev
/// and test they are an error, since a score over fewer rows isn't GLUE's.
/// Labels are read in train and dev. Of an original file that holds train and
/// dev (MRPC's), the rows of the split.
///
/// A user's own task may have TSV files too, CSV, an array of JSON objects, or a
/// JSON object on each line. All are read as strictly: a record that lacks a
/// key, or has a value of another type, is malformed as a row with too few
/// fields is. A label is compared as the file spells it; a number or a truth
/// value of JSON is spelled as JSON does, 1 as "1". A UTF-8 byte order mark at
/// the start of a file of any format is dropped.
///
/// Throws Error, naming the file and the line, or the record of a JSON array, if
/// the file can't be read, isn't UTF-8, lacks a column (the columns found are
/// listed), has a label that isn't the task's (a score that isn't a number, in
/// STS-B from 0 to 5), or no rows; and as parse_csv and parse_json do. A file
/// that isn't UTF-8 is an error in train too, whatever its format, and the line
/// is that of the first byte that can't be.
///
/// Reference behaviour: the GLUE reader of the `datasets` package.
[[nodiscard]] Dataset read_examples(const Task& task,
                                    const std::filesystem::path& file,
                                    Split split);

/// One line about the skipped rows for a person: "skipped 5 rows of train.tsv
/// (line 7: 3 fields, expected 4; ...)". Empty if there are none.
[[nodiscard]] std::string describe_skipped(const Dataset& dataset,
                                           const std::filesystem::path& file);

}  // namespace distilbert
