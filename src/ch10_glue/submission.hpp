#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/task.hpp"

namespace distilbert {

/// One of the files that GLUE's server takes, together as a zip.
struct SubmissionFile {
  std::string name;     ///< "CoLA.tsv"
  std::string content;  ///< header and a line per row of the test set
};

/// What a submission's file is called and how many rows it has.
struct SubmissionForm {
  std::string_view name;  ///< "MNLI-mm.tsv"
  std::string_view task;  ///< "mnli"
  std::size_t rows = 0;   ///< of the official test set
};

/// All eleven files of a submission: one a task, two for MNLI (matched, then
/// mismatched), and AX.
///
/// Source: the submission's form as GLUE's own baselines write it.
[[nodiscard]] std::span<const SubmissionForm> submission_forms();

/// The names of a task's files, in the order of its test files.
[[nodiscard]] std::vector<std::string> submission_names(const Task& task);

/// Predictions of a test set as the server reads them: the header
/// `index<TAB>prediction` and a line per row, index from 0. Classes are written
/// as the task's files write them, scores with three decimals.
[[nodiscard]] std::string submission_tsv(const Task& task,
                                         const Predictions& predictions);

/// What the server would refuse, a line per file: a file that is missing or
/// there twice, one that it doesn't know, and of each other file the first thing
/// that is wrong: its header, a line's form, an index out of order, a value that
/// isn't the task's, too few or too many rows. Empty for a complete submission.
[[nodiscard]] std::vector<std::string> check_submission(
    std::span<const SubmissionFile> files);

}  // namespace distilbert
