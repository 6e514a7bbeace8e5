#include "ch10_glue/submission.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/task.hpp"
#include "glue_test.hpp"

using distilbert::check_submission;
using distilbert::find_task;
using distilbert::Predictions;
using distilbert::submission_forms;
using distilbert::submission_names;
using distilbert::submission_tsv;
using distilbert::SubmissionFile;
using distilbert::Task;

namespace {

Predictions predictions_for(const Task& task, std::size_t rows) {
  Predictions predictions;
  for (std::size_t i = 0; i < rows; ++i) {
    if (task.regression) {
      predictions.scores.push_back(static_cast<float>(i % 7) / 2 - 0.5F);
    } else {
      predictions.labels.push_back(
          static_cast<int>(i % task.label_names.size()));
    }
  }
  return predictions;
}

std::vector<SubmissionFile> complete_submission() {
  std::vector<SubmissionFile> files;
  for (const auto& form : submission_forms()) {
    const Task& task = find_task(form.task);
    files.push_back({std::string(form.name),
                     submission_tsv(task, predictions_for(task, form.rows))});
  }
  return files;
}

void replace_first(std::string& text,
                   const std::string& from,
                   const std::string& to) {
  text.replace(text.find(from), from.size(), to);
}

// What is wrong with a submission one file of which is edited.
template <class Edit>
std::vector<std::string> problems_of(const std::string& name,
                                     const Edit& edit) {
  std::vector<SubmissionFile> files = complete_submission();
  edit(std::ranges::find(files, name, &SubmissionFile::name)->content);
  return check_submission(files);
}

}  // namespace

TEST_CASE("what is written for all tasks is a submission") {
  CHECK(check_submission(complete_submission()).empty());
}

TEST_CASE("a submission writes each task's values as the server reads them") {
  CHECK(submission_tsv(find_task("cola"), {{1, 0}, {}}) ==
        "index\tprediction\n0\t1\n1\t0\n");
  CHECK(submission_tsv(find_task("rte"), {{1, 0}, {}}) ==
        "index\tprediction\n0\tnot_entailment\n1\tentailment\n");
  CHECK(submission_tsv(find_task("ax"), {{1, 2}, {}}) ==
        "index\tprediction\n0\tneutral\n1\tcontradiction\n");
  CHECK(submission_tsv(find_task("stsb"), {{}, {3.14159F, -0.5F}}) ==
        "index\tprediction\n0\t3.142\n1\t-0.500\n");
}

TEST_CASE("MNLI has two files, matched first") {
  CHECK(submission_names(find_task("mnli")) ==
        std::vector<std::string>{"MNLI-m.tsv", "MNLI-mm.tsv"});
  CHECK(submission_names(find_task("sst2")) ==
        std::vector<std::string>{"SST-2.tsv"});
}

TEST_CASE("what the server would refuse is found, with file and line") {
  using Lines = std::vector<std::string>;
  CHECK(problems_of("WNLI.tsv", [](std::string& text) {
          text.erase(text.size() - 6);
        }) == Lines{"WNLI.tsv: 145 rows, expected 146"});
  CHECK(problems_of("RTE.tsv",
                    [](std::string& text) {
                      replace_first(text, "\tentailment", "\t0");
                    }) ==
        Lines{"RTE.tsv: line 2: prediction \"0\", expected one of "
              "\"entailment\", \"not_entailment\""});
  CHECK(problems_of("CoLA.tsv",
                    [](std::string& text) {
                      replace_first(text, "index\tprediction", "id\tlabel");
                    }) == Lines{"CoLA.tsv: header \"id\\x09label\", expected "
                                "index<TAB>prediction"});
  CHECK(problems_of(
            "SST-2.tsv",
            [](std::string& text) { replace_first(text, "\n1\t", "\n2\t"); }) ==
        Lines{"SST-2.tsv: line 3: expected index 1 and a tab, found "
              "\"2\\x091\""});
  CHECK(
      problems_of("STS-B.tsv", [](std::string& text) {
        replace_first(text, "\t-0.500", "\tnan");
      }) == Lines{"STS-B.tsv: line 2: prediction \"nan\", expected a number"});
  CHECK(problems_of("AX.tsv", [](std::string& text) { text.clear(); }) ==
        Lines{"AX.tsv: 0 rows, expected 1104"});
  CHECK(problems_of("MRPC.tsv", [](std::string& text) {
          text += "\n";
        }).size() == 1);
}

TEST_CASE("carriage returns are found") {
  const auto problems = problems_of(
      "WNLI.tsv", [](std::string& text) { replace_first(text, "\n", "\r\n"); });
  REQUIRE(problems.size() == 1);
  CHECK(glue_test::contains(problems[0], "header"));
}

TEST_CASE("missing files and unknown ones are found") {
  std::vector<SubmissionFile> files = complete_submission();
  files.front().name = "cola.tsv";
  CHECK(check_submission(files) ==
        std::vector<std::string>{"CoLA.tsv: missing",
                                 "cola.tsv: not a file of a submission"});
}

TEST_CASE("a file that is there twice is found, whichever is good") {
  std::vector<SubmissionFile> files = complete_submission();
  files.push_back({"CoLA.tsv", "garbage"});
  CHECK(check_submission(files) ==
        std::vector<std::string>{"CoLA.tsv: there 2 times"});
}
