// Models that transformers fine-tuned on mini-glue and saved, beside what it
// predicts with them: tests/golden/exchange. tests/cli has the same for the
// whole program.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/encode_examples.hpp"
#include "ch10_glue/evaluate_model.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"
#include "ch10_glue/task_model.hpp"
#include "common/json.hpp"
#include "glue_test.hpp"
#include "goldens.hpp"

using distilbert::encode_examples;
using distilbert::find_task;
using distilbert::load_task_model;
using distilbert::MissingHead;
using distilbert::ModelFolder;
using distilbert::predict_examples;
using distilbert::Predictions;
using distilbert::read_examples;
using distilbert::Split;
using distilbert::Task;
using distilbert::Tokenizer;
using distilbert::testing::golden_path;

namespace {

// Design section 5: a share of the largest value, and the same once more.
constexpr double kTolerance = 1e-5;

Predictions predict_file(const Task& task,
                         const std::filesystem::path& folder,
                         const std::string& file,
                         std::size_t max_length) {
  const auto path =
      glue_test::source_folder() / "data/mini-glue" / task.folder / file;
  const auto data = read_examples(task, path, Split::kDev);
  const auto loaded =
      load_task_model(task, ModelFolder(folder), MissingHead::kRefuse, 0);
  return predict_examples(*loaded.model, task,
                          encode_examples(Tokenizer::from_folder(folder),
                                          data.examples, max_length));
}

std::vector<std::string> names_of(const Task& task,
                                  const std::vector<int>& labels) {
  std::vector<std::string> names;
  for (const int label : labels) {
    names.push_back(task.label_names.at(static_cast<std::size_t>(label)));
  }
  return names;
}

void check_scores(const std::vector<float>& scores,
                  const std::vector<double>& wanted) {
  REQUIRE(scores.size() == wanted.size());
  double largest = 0.0;
  for (const double score : wanted) {
    largest = std::max(largest, std::abs(score));
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    INFO("row " << i);
    CHECK(std::abs(static_cast<double>(scores[i]) - wanted[i]) <=
          kTolerance + kTolerance * largest);
  }
}

void check_golden(const std::string& name) {
  const auto folder = golden_path("exchange/" + name);
  const auto golden = distilbert::parse_json_file(folder / "expected.json");
  const Task& task = find_task(golden["task"].get<std::string>());
  const auto max_length = golden["max_length"].get<std::size_t>();
  for (const auto& [file, expected] : golden["files"].items()) {
    INFO(file);
    const Predictions found = predict_file(task, folder, file, max_length);
    const auto& wanted = expected["predictions"];
    if (task.regression) {
      check_scores(found.scores, wanted.get<std::vector<double>>());
    } else {
      CHECK(names_of(task, found.labels) ==
            wanted.get<std::vector<std::string>>());
    }
  }
}

}  // namespace

TEST_CASE("a BERT of transformers predicts its classes, in Google's order") {
  check_golden("bert_mnli");
}

TEST_CASE("a DistilBERT of transformers predicts its scores") {
  check_golden("distilbert_stsb");
}
