#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/accuracy.hpp"
#include "ch10_glue/average_ranks.hpp"
#include "ch10_glue/count_outcomes.hpp"
#include "ch10_glue/f1.hpp"
#include "ch10_glue/matthews_correlation.hpp"
#include "ch10_glue/pearson.hpp"
#include "ch10_glue/spearman.hpp"
#include "glue_test.hpp"

namespace {

// Equal within the golden's tolerance; null in the golden is NaN.
bool agrees(double value, const nlohmann::json& expected, double tolerance) {
  return expected.is_null()
             ? std::isnan(value)
             : std::abs(value - expected.get<double>()) <= tolerance;
}

// These two mirror draw_classes and draw_scores of generate_glue.py.
std::pair<std::vector<int>, std::vector<int>> draw_classes(
    const nlohmann::json& row) {
  glue_test::SplitMix64 random(row[0].get<std::uint64_t>());
  std::vector<int> predictions;
  std::vector<int> labels;
  for (int i = 0; i < row[1].get<int>(); ++i) {
    const int label = random.next() % 100 < row[2].get<std::uint64_t>() ? 1 : 0;
    const bool repeats = random.next() % 100 < row[3].get<std::uint64_t>();
    const int coin = static_cast<int>(random.next() % 2);
    labels.push_back(label);
    predictions.push_back(repeats ? label : coin);
  }
  return {predictions, labels};
}

std::pair<std::vector<double>, std::vector<double>> draw_scores(
    const nlohmann::json& row) {
  glue_test::SplitMix64 random(row[0].get<std::uint64_t>());
  const auto levels = row[2].get<std::uint64_t>();
  const double sign = row[0].get<std::uint64_t>() % 2 == 1 ? -1.0 : 1.0;
  const auto as_float = [](double value) {
    return static_cast<double>(static_cast<float>(value));
  };
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < row[1].get<int>(); ++i) {
    const auto value = static_cast<double>(random.next() % levels);
    const bool repeats = random.next() % 100 < row[3].get<std::uint64_t>();
    const auto other = static_cast<double>(random.next() % levels);
    x.push_back(as_float(value / 7.0));
    y.push_back(as_float((repeats ? value : other) / 7.0 * sign));
  }
  return {x, y};
}

}  // namespace

TEST_CASE("accuracy, F1 and Matthews are scikit-learn's on random cases") {
  const nlohmann::json golden = glue_test::read_golden("metrics.json");
  const double tolerance = golden["tolerance"];
  std::size_t cases = 0;
  for (const nlohmann::json& row : golden["classification"]) {
    const auto [predictions, labels] = draw_classes(row);
    const auto outcomes = distilbert::count_outcomes(predictions, labels);
    INFO("seed " << row[0]);
    CHECK(agrees(distilbert::accuracy(predictions, labels), row[4], tolerance));
    CHECK(agrees(distilbert::f1(outcomes), row[5], tolerance));
    CHECK(
        agrees(distilbert::matthews_correlation(outcomes), row[6], tolerance));
    ++cases;
  }
  CHECK(cases == 1200);
}

TEST_CASE("Pearson, Spearman and ranks are SciPy's on random and tied cases") {
  const nlohmann::json golden = glue_test::read_golden("metrics.json");
  const double tolerance = golden["tolerance"];
  std::size_t cases = 0;
  std::size_t undefined = 0;
  for (const nlohmann::json& row : golden["correlation"]) {
    const auto [x, y] = draw_scores(row);
    const std::vector<double> ranks = distilbert::average_ranks(x);
    double checksum = 0.0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      checksum += static_cast<double>(i + 1) * ranks[i];
    }
    INFO("seed " << row[0]);
    CHECK(agrees(distilbert::pearson(x, y), row[4], tolerance));
    CHECK(agrees(distilbert::spearman(x, y), row[5], tolerance));
    CHECK(checksum == row[6].get<double>());
    undefined += row[4].is_null() ? 1U : 0U;
    ++cases;
  }
  CHECK(cases == 1200);
  CHECK(undefined >= 240);
}
