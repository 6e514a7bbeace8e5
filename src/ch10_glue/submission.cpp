#include "ch10_glue/submission.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/list_names.hpp"
#include "ch10_glue/task.hpp"
#include "common/printable.hpp"

namespace distilbert {

namespace {

constexpr std::string_view kHeader = "index\tprediction";

bool is_value(const Task& task, std::string_view text) {
  if (!task.regression) {
    return std::ranges::find(task.file_labels, text) != task.file_labels.end();
  }
  double value = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  return error == std::errc() && stop == end && std::isfinite(value);
}

std::string expected_values(const Task& task) {
  return task.regression ? "a number"
                         : "one of " + list_names(task.file_labels);
}

// What is wrong with the line of row `index`; empty if nothing is.
std::string check_line(const Task& task,
                       std::string_view line,
                       std::size_t index) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos ||
      line.substr(0, tab) != fmt::format("{}", index)) {
    return fmt::format("line {}: expected index {} and a tab, found \"{}\"",
                       index + 2, index, printable(line, 40));
  }
  const std::string_view value = line.substr(tab + 1);
  return is_value(task, value)
             ? ""
             : fmt::format("line {}: prediction \"{}\", expected {}", index + 2,
                           printable(value, 40), expected_values(task));
}

// What is wrong with a file; empty if nothing is.
std::string check_content(const SubmissionForm& form,
                          std::string_view content) {
  const Task& task = find_task(form.task);
  std::size_t lines = 0;
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    const std::string_view line = content.substr(0, end);
    if (lines == 0 && line != kHeader) {
      return fmt::format("header \"{}\", expected index<TAB>prediction",
                         printable(line, 40));
    }
    const std::string wrong =
        lines == 0 ? "" : check_line(task, line, lines - 1);
    if (!wrong.empty()) {
      return wrong;
    }
    ++lines;
    content.remove_prefix(end == std::string_view::npos ? content.size()
                                                        : end + 1);
  }
  return lines == form.rows + 1
             ? ""
             : fmt::format("{} rows, expected {}", lines == 0 ? 0 : lines - 1,
                           form.rows);
}

}  // namespace

std::span<const SubmissionForm> submission_forms() {
  static constexpr std::array<SubmissionForm, 11> kForms = {{
      {"CoLA.tsv", "cola", 1063},
      {"SST-2.tsv", "sst2", 1821},
      {"MRPC.tsv", "mrpc", 1725},
      {"STS-B.tsv", "stsb", 1379},
      {"QQP.tsv", "qqp", 390965},
      {"MNLI-m.tsv", "mnli", 9796},
      {"MNLI-mm.tsv", "mnli", 9847},
      {"QNLI.tsv", "qnli", 5463},
      {"RTE.tsv", "rte", 3000},
      {"WNLI.tsv", "wnli", 146},
      {"AX.tsv", "ax", 1104},
  }};
  return kForms;
}

std::vector<std::string> submission_names(const Task& task) {
  std::vector<std::string> names;
  for (const SubmissionForm& form : submission_forms()) {
    if (form.task == task.name) {
      names.emplace_back(form.name);
    }
  }
  return names;
}

std::string submission_tsv(const Task& task, const Predictions& predictions) {
  if (!task.regression) {
    return predictions_tsv(task, predictions);
  }
  std::string table = fmt::format("{}\n", kHeader);
  for (std::size_t i = 0; i < predictions.scores.size(); ++i) {
    fmt::format_to(std::back_inserter(table), "{}\t{:.3f}\n", i,
                   predictions.scores[i]);
  }
  return table;
}

std::vector<std::string> check_submission(
    std::span<const SubmissionFile> files) {
  std::vector<std::string> problems;
  for (const SubmissionForm& form : submission_forms()) {
    const auto file =
        std::ranges::find(files, form.name, &SubmissionFile::name);
    const auto count =
        std::ranges::count(files, form.name, &SubmissionFile::name);
    const std::string wrong = count == 0 ? "missing"
                              : count == 1
                                  ? check_content(form, file->content)
                                  : fmt::format("there {} times", count);
    if (!wrong.empty()) {
      problems.push_back(fmt::format("{}: {}", form.name, wrong));
    }
  }
  for (const SubmissionFile& file : files) {
    if (std::ranges::find(submission_forms(), file.name,
                          &SubmissionForm::name) == submission_forms().end()) {
      problems.push_back(
          fmt::format("{}: not a file of a submission", file.name));
    }
  }
  return problems;
}

}  // namespace distilbert
