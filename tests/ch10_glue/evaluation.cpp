#include "ch10_glue/evaluation.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)
using glue_test::contains;
using glue_test::message_of;

namespace {

using Order = std::vector<std::size_t>;
using Classes = std::vector<int>;
using Floats = std::vector<float>;

std::vector<Example> with_labels(const Classes& labels) {
  std::vector<Example> examples(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    examples[i].label = labels[i];
  }
  return examples;
}

std::vector<Example> with_scores(const Floats& scores) {
  std::vector<Example> examples(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    examples[i].score = scores[i];
  }
  return examples;
}

}  // namespace

TEST_CASE("the predicted class is the greatest logit's, the first of equals") {
  const Floats logits = {0.1F, 0.2F, 3.0F, -1.0F, 0.5F, 0.5F};
  const Predictions predictions =
      predict(find_task("sst2"), {logits, 2}, Order{0, 1});
  CHECK(predictions.labels == Classes{1, 0, 0});
  CHECK(predictions.scores.empty());
}

TEST_CASE("predictions are in the task's order whatever the model's is") {
  // The model's columns are contradiction, entailment, neutral.
  const Floats logits = {9, 0, 0, 0, 9, 0, 0, 0, 9};
  const Predictions predictions =
      predict(find_task("mnli"), {logits, 3}, Order{1, 2, 0});
  CHECK(predictions.labels == Classes{2, 0, 1});
}

TEST_CASE("scores are the raw outputs, not clipped to the labels' range") {
  const Floats logits = {-0.5F, 5.7F, 2.25F};
  const Predictions predictions =
      predict(find_task("stsb"), {logits, 1}, Order{0});
  CHECK(predictions.scores == logits);
  CHECK(predictions.labels.empty());
}

TEST_CASE("a model with another number of outputs is an error") {
  const Floats logits = {1, 2, 3};
  CHECK(message_of<Error>([&] {
          static_cast<void>(
              predict(find_task("sst2"), {logits, 3}, Order{0, 1, 2}));
        }) == "the model has 3 outputs, SST-2 needs 2");
  CHECK_THROWS_AS(predict(find_task("stsb"), {logits, 3}, Order{0, 1, 2}),
                  Error);
}

TEST_CASE("an output that isn't finite is an error that names the row") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::infinity()}) {
    const Floats logits = {1, 2, 3, bad};
    CHECK(contains(message_of<Error>([&] {
                     static_cast<void>(
                         predict(find_task("sst2"), {logits, 2}, Order{0, 1}));
                   }),
                   "row 1: "));
    CHECK_THROWS_AS(predict(find_task("stsb"), {logits, 1}, Order{0}), Error);
  }
}

TEST_CASE("each task is scored by its own metrics, as JSON of a fixed form") {
  const Predictions classes = {.labels = {1, 0, 1, 1, 0, 1, 0, 0},
                               .scores = {}};
  const auto truth = with_labels({1, 1, 1, 0, 0, 1, 0, 0});
  const auto json = [&](const char* task) {
    return to_json(evaluate_predictions(find_task(task), classes, truth));
  };
  CHECK(json("sst2") ==
        R"({"task":"sst2","rows":8,"metrics":{"accuracy":0.75}})");
  CHECK(json("mrpc") ==
        R"({"task":"mrpc","rows":8,"metrics":{"accuracy":0.75,"f1":0.75}})");
  CHECK(json("cola") ==
        R"({"task":"cola","rows":8,"metrics":{"matthews_correlation":0.5}})");
}

TEST_CASE("STS-B is scored by Pearson and Spearman, undefined ones are null") {
  const auto truth = with_scores({1.5F, 2.5F, 1.0F, 4.0F, 0.5F});
  const Predictions scores = {.labels = {}, .scores = {1, 2, 2, 3.5F, 0}};
  const Evaluation evaluation =
      evaluate_predictions(find_task("stsb"), scores, truth);
  REQUIRE(evaluation.metrics.size() == 2);
  CHECK(evaluation.metrics[0].name == "pearson");
  CHECK(evaluation.metrics[0].value == Approx(0.8775541136).epsilon(1e-9));
  CHECK(evaluation.metrics[1].name == "spearmanr");
  CHECK(evaluation.metrics[1].value == Approx(0.8207826817).epsilon(1e-9));
  const Predictions constant = {.labels = {}, .scores = Floats(5, 2.0F)};
  CHECK(to_json(evaluate_predictions(find_task("stsb"), constant, truth)) ==
        R"({"task":"stsb","rows":5,"metrics":{"pearson":null,)"
        R"("spearmanr":null}})");
}

TEST_CASE("predictions without their examples' labels can't be scored") {
  const Predictions one = {.labels = {1}, .scores = {}};
  CHECK_THROWS_AS(evaluate_predictions(find_task("sst2"), one, with_labels({})),
                  std::logic_error);
  CHECK_THROWS_AS(
      evaluate_predictions(find_task("sst2"), one, with_labels({-1})),
      std::logic_error);
  CHECK_THROWS_AS(evaluate_predictions(find_task("sst2"), {}, {}),
                  std::logic_error);
}

TEST_CASE("MNLI's second file adds its rows, and metrics of their own name") {
  const std::vector<Evaluation> files = {{"mnli", 3, {{"accuracy", 0.25}}},
                                         {"mnli", 2, {{"accuracy", 0.5}}}};
  const Evaluation joined = join_evaluations(files);
  CHECK(
      to_json(joined) ==
      R"({"task":"mnli","rows":5,"metrics":{"accuracy":0.25,"accuracy_mm":0.5}})");
  CHECK(mean_metric(joined) == 0.375);
  CHECK(to_json(join_evaluations(std::span(files).first(1))) ==
        to_json(files.front()));
  CHECK_THROWS_AS(join_evaluations({}), std::logic_error);
}

TEST_CASE("an evaluation comes back from JSON, undefined metrics too") {
  const std::string text =
      R"({"task":"stsb","rows":4,"metrics":{"pearson":-0.5,"spearmanr":null}})";
  CHECK(to_json(evaluation_from_json(nlohmann::json::parse(text), "f")) ==
        text);
  for (const std::string wrong :
       {R"({"task":"stsb","rows":0,"metrics":{}})",
        R"({"task":"stsb","rows":4,"metrics":{"pearson":1.5}})",
        R"({"task":"stsb","rows":4})"}) {
    INFO(wrong);
    CHECK(contains(message_of<Error>([&] {
                     static_cast<void>(evaluation_from_json(
                         nlohmann::json::parse(wrong), "f.json"));
                   }),
                   "f.json"));
  }
}

TEST_CASE("the predictions table writes labels as the files do") {
  const Predictions classes = {.labels = {1, 0}, .scores = {}};
  CHECK(predictions_tsv(find_task("sst2"), classes) ==
        "index\tprediction\n0\t1\n1\t0\n");
  CHECK(predictions_tsv(find_task("rte"), classes) ==
        "index\tprediction\n0\tnot_entailment\n1\tentailment\n");
}

TEST_CASE("the predictions table's scores give back the same float") {
  const Floats scores = {0.1F, 3.3333333F, -1e-8F, 5.0F};
  const std::string table =
      predictions_tsv(find_task("stsb"), {.labels = {}, .scores = scores});
  CHECK(contains(table, "0\t0.1\n1\t3.3333333\n2\t-1e-08\n3\t5"));
}
