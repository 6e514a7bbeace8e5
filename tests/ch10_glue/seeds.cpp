#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/majority_baseline.hpp"
#include "ch10_glue/mean_and_deviation.hpp"
#include "ch10_glue/permutation_p_value.hpp"
#include "ch10_glue/published_scores.hpp"
#include "ch10_glue/task.hpp"
#include "glue_test.hpp"

using distilbert::Example;
using distilbert::find_task;
using distilbert::majority_baseline;
using distilbert::mean_and_deviation;
using distilbert::permutation_p_value;
using distilbert::published_scores;

namespace {

std::vector<Example> with_labels(const std::vector<int>& labels) {
  std::vector<Example> examples;
  for (const int label : labels) {
    examples.push_back({.text = "a", .second = "b", .label = label});
  }
  return examples;
}

}  // namespace

TEST_CASE("the deviation is the sample's, and a single value has none") {
  const auto spread = mean_and_deviation(std::vector{2.0, 4.0, 9.0});
  CHECK(spread.mean == 5.0);
  CHECK(spread.deviation == Approx(std::sqrt(13.0)));
  CHECK(std::isnan(mean_and_deviation(std::vector{2.0}).deviation));
  CHECK_THROWS_AS(mean_and_deviation({}), std::logic_error);
}

TEST_CASE("the p of a permutation test equals SciPy's over all ways") {
  const nlohmann::json golden = glue_test::read_golden("permutations.json");
  for (const auto& one : golden["cases"]) {
    INFO(one.dump());
    CHECK(permutation_p_value(one["group"].get<std::vector<double>>(),
                              one["other"].get<std::vector<double>>()) ==
          Approx(one["p"].get<double>()).epsilon(1e-12));
  }
  CHECK(golden["cases"].size() == 60);
}

TEST_CASE("groups that don't overlap have the smallest p there is") {
  CHECK(permutation_p_value(std::vector{1.0, 2.0, 3.0},
                            std::vector{4.0, 5.0, 6.0}) == 2.0 / 20);
  CHECK(permutation_p_value(std::vector{1.0}, std::vector{1.0}) == 1.0);
}

TEST_CASE("a permutation test of nothing, or of too much, is refused") {
  CHECK_THROWS_AS(
      permutation_p_value(std::vector{std::numeric_limits<double>::quiet_NaN()},
                          std::vector{1.0}),
      std::logic_error);
  const std::vector<double> eleven(11, 1.0);
  CHECK_THROWS_AS(permutation_p_value({}, eleven), std::logic_error);
  CHECK_THROWS_AS(permutation_p_value(eleven, eleven), std::logic_error);
}

TEST_CASE("the majority is the training data's, not dev's") {
  const auto evaluation = majority_baseline(
      find_task("mrpc"), with_labels({1, 1, 0}), with_labels({0, 0, 0, 1}));
  CHECK(evaluation.rows == 4);
  CHECK(evaluation.metrics.at(0).value == 0.25);
  CHECK(evaluation.metrics.at(1).value == 0.4);
}

TEST_CASE("of classes that are as frequent the first is the majority") {
  const auto evaluation = majority_baseline(
      find_task("rte"), with_labels({1, 0}), with_labels({0, 0, 1}));
  CHECK(evaluation.metrics.at(0).value == Approx(2.0 / 3));
}

TEST_CASE("a constant score has no correlation with anything") {
  std::vector<Example> examples = with_labels({-1, -1});
  examples[0].score = 1;
  examples[1].score = 3;
  for (const auto& metric :
       majority_baseline(find_task("stsb"), examples, examples).metrics) {
    CHECK(std::isnan(metric.value));
  }
}

TEST_CASE("the published averages follow from the published scores") {
  const std::vector<double> averages = {77.0, 79.5};
  REQUIRE(published_scores().size() == averages.size());
  for (std::size_t i = 0; i < averages.size(); ++i) {
    std::vector<double> scores;
    for (const auto& task : distilbert::glue_tasks()) {
      if (const auto score = published_scores()[i].score(task.name)) {
        scores.push_back(*score);
      }
    }
    CHECK(scores.size() == 9);
    CHECK(mean_and_deviation(scores).mean == Approx(averages[i]).margin(0.05));
  }
  CHECK_FALSE(published_scores()[0].score("ax"));
}
