#include "cli/glue_outputs.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <iostream>
#include <system_error>

#include "ch10_glue/glue_table.hpp"
#include "ch10_glue/submission.hpp"
#include "cli/command.hpp"
#include "cli/glue_answers.hpp"
#include "cli/is_there.hpp"
#include "cli/zip_files.hpp"
#include "common/error.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZip = "submission.zip";

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
  const Answers answers = best_answers(options);
  if (answers.files.empty()) {
    std::error_code ignored;
    fs::remove(output / kZip, ignored);
  } else {
    write_file_atomically(output / kZip, make_zip(answers.files));
  }
}

std::string describe_submission(const GlueOptions& options) {
  std::vector<std::string> lines = best_answers(options).missing;
  const fs::path zip = fs::path(options.output) / kZip;
  if (is_there(zip)) {
    const auto problems = check_submission(read_zip(zip));
    lines.push_back(problems.empty()
                        ? fmt::format("{}: a complete submission", zip.string())
                        : fmt::format("{}: not yet a submission: {}",
                                      zip.string(), fmt::join(problems, "; ")));
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

void add_check_submission(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "check-submission", "whether GLUE's server would take a zip");
  const auto file = std::make_shared<std::string>();
  command.add_option("file", *file, "the zip")->required();
  on_run<std::string>(command, file, check_submission_file);
}

}  // namespace distilbert::cli
