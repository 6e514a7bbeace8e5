#include "cli/glue_outputs.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>

#include "ch10_glue/glue_table.hpp"
#include "ch10_glue/submission.hpp"
#include "cli/command.hpp"
#include "cli/is_there.hpp"
#include "cli/zip_files.hpp"
#include "common/error.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZip = "submission.zip";

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) {
    fail("{}: can't be read", path.string());
  }
  return text;
}

// A score that isn't defined, a collapsed run's, is below all others.
double last_score(const fs::path& result) {
  const double score = mean_metric(read_glue_result(result).epochs.back());
  return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
}

// The finished run of the model with the best score on dev: a submission is
// one model's.
const GlueRun* best_run(std::span<const GlueRun> runs, const Task& task) {
  const GlueRun* best = nullptr;
  double best_score = 0;
  for (const GlueRun& run : runs) {
    if (run.task != &task || run.role != GlueRole::kModel ||
        !is_there(run.result())) {
      continue;
    }
    const double score = last_score(run.result());
    if (best == nullptr || score > best_score) {
      best = &run;
      best_score = score;
    }
  }
  return best;
}

std::vector<SubmissionFile> submission_of(std::span<const GlueRun> runs) {
  std::vector<SubmissionFile> files;
  for (const SubmissionForm& form : submission_forms()) {
    const Task& task = find_task(form.task == "ax" ? "mnli" : form.task);
    const GlueRun* const run = best_run(runs, task);
    if (run != nullptr && is_there(run->folder / form.name)) {
      files.push_back(
          {std::string(form.name), read_text(run->folder / form.name)});
    }
  }
  return files;
}

void check_submission_file(const std::string& file) {
  const auto problems = check_submission(read_zip(file));
  if (!problems.empty()) {
    fail("{}: {}", file, fmt::join(problems, "; "));
  }
  std::cout << file << ": a complete submission\n";
}

}  // namespace

void write_glue_outputs(const GlueOptions& options) {
  const std::vector<GlueRun> runs = runs_in(options.output);
  GlueResults results;
  for (const GlueRun& run : runs) {
    if (is_there(run.result())) {
      (run.role == GlueRole::kModel ? results.model : results.teacher)
          .push_back(read_glue_result(run.result()));
    }
  }
  const fs::path output = options.output;
  write_file_atomically(output / "table.md", glue_table_markdown(results));
  write_file_atomically(output / "table.json", glue_table_json(results));
  write_file_atomically(output / "curves.tsv", glue_curves_tsv(results));
  const auto files = submission_of(runs);
  if (!files.empty()) {
    write_file_atomically(output / kZip, make_zip(files));
  }
}

std::string describe_submission(const GlueOptions& options) {
  const fs::path zip = fs::path(options.output) / kZip;
  if (!is_there(zip)) {
    return "";
  }
  const auto problems = check_submission(read_zip(zip));
  return problems.empty()
             ? fmt::format("{}: a complete submission", zip.string())
             : fmt::format("{}: not yet a submission: {}", zip.string(),
                           fmt::join(problems, "; "));
}

void add_check_submission(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "check-submission", "whether GLUE's server would take a zip");
  const auto file = std::make_shared<std::string>();
  command.add_option("file", *file, "the zip")->required();
  on_run<std::string>(command, file, check_submission_file);
}

}  // namespace distilbert::cli
