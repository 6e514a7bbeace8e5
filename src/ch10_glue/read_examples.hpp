#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
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
  /// The score, 0 to 5; NaN for classification and in the test split.
  float score = std::numeric_limits<float>::quiet_NaN();
  /// Its line in the file, from 1.
  std::size_t line = 0;
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
/// GLUE/SST-2/dev.tsv; two for MNLI's dev and test, matched first. Throws Error
/// if the task has no such split, or if one isn't there.
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
/// Labels are read in train and dev.
///
/// Throws Error, naming the file and the line, if the file can't be read, isn't
/// UTF-8, lacks a column (the columns found are listed), has a label that isn't
/// the task's (a score that isn't a number from 0 to 5), or no rows.
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
