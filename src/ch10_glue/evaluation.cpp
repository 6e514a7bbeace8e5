#include "ch10_glue/evaluation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "ch10_glue/accuracy.hpp"
#include "ch10_glue/count_outcomes.hpp"
#include "ch10_glue/f1.hpp"
#include "ch10_glue/matthews_correlation.hpp"
#include "ch10_glue/pearson.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/spearman.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "common/json.hpp"

namespace distilbert {

namespace {

void require_finite(std::span<const float> row, std::size_t index) {
  for (const float logit : row) {
    if (!std::isfinite(logit)) {
      fail("row {}: the model's output is {}, not a finite number", index,
           logit);
    }
  }
}

int predict_class(std::span<const float> row,
                  std::span<const std::size_t> permutation) {
  const auto column = static_cast<std::size_t>(
      std::max_element(row.begin(), row.end()) - row.begin());
  const auto label = std::find(permutation.begin(), permutation.end(), column);
  require(label != permutation.end(), "predict: column {} has no label",
          column);
  return static_cast<int>(label - permutation.begin());
}

// What the predictions are compared with.
struct Truth {
  std::vector<int> labels;
  std::vector<double> scores;
};

Truth truth_of(const Task& task, std::span<const Example> examples) {
  Truth truth;
  for (const Example& example : examples) {
    require(task.regression ? !std::isnan(example.score) : example.label >= 0,
            "evaluate_predictions: the example of line {} has no label",
            example.line);
    if (task.regression) {
      truth.scores.push_back(static_cast<double>(example.score));
    } else {
      truth.labels.push_back(example.label);
    }
  }
  return truth;
}

double compute_metric(MetricKind kind,
                      const Predictions& predictions,
                      const Truth& truth) {
  const std::vector<int>& labels = predictions.labels;
  const std::vector<double> scores(predictions.scores.begin(),
                                   predictions.scores.end());
  switch (kind) {
    case MetricKind::kAccuracy:
      return accuracy(labels, truth.labels);
    case MetricKind::kF1:
      return f1(count_outcomes(labels, truth.labels));
    case MetricKind::kMatthews:
      return matthews_correlation(count_outcomes(labels, truth.labels));
    case MetricKind::kPearson:
      return pearson(scores, truth.scores);
    case MetricKind::kSpearman:
      return spearman(scores, truth.scores);
  }
  require(/*condition=*/false, "compute_metric: {} is no metric",
          static_cast<int>(kind));
  return 0.0;
}

}  // namespace

Predictions predict(const Task& task,
                    const Logits& logits,
                    std::span<const std::size_t> permutation) {
  if (logits.columns != task.outputs()) {
    fail("the model has {} outputs, {} needs {}", logits.columns,
         task.display_name, task.outputs());
  }
  require(permutation.size() == logits.columns &&
              logits.values.size() % logits.columns == 0,
          "predict: {} logits in {} columns, {} labels", logits.values.size(),
          logits.columns, permutation.size());
  Predictions predictions;
  const std::size_t rows = logits.values.size() / logits.columns;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = logits.values.subspan(i * logits.columns, logits.columns);
    require_finite(row, i);
    if (task.regression) {
      predictions.scores.push_back(row.front());
    } else {
      predictions.labels.push_back(predict_class(row, permutation));
    }
  }
  return predictions;
}

Evaluation evaluate_predictions(const Task& task,
                                const Predictions& predictions,
                                std::span<const Example> examples) {
  const std::size_t rows =
      task.regression ? predictions.scores.size() : predictions.labels.size();
  require(rows == examples.size() && rows > 0,
          "evaluate_predictions: {} predictions for {} examples, expected as "
          "many and at least one",
          rows, examples.size());
  const Truth truth = truth_of(task, examples);
  Evaluation evaluation{.task = task.name, .rows = rows, .metrics = {}};
  for (const MetricKind kind : task.metrics) {
    evaluation.metrics.push_back(
        {.name = std::string(metric_name(kind)),
         .value = compute_metric(kind, predictions, truth)});
  }
  return evaluation;
}

Evaluation join_evaluations(std::span<const Evaluation> evaluations) {
  require(!evaluations.empty(), "join_evaluations: no evaluations");
  Evaluation joined = evaluations.front();
  for (const Evaluation& more : evaluations.subspan(1)) {
    joined.rows += more.rows;
    for (const Metric& metric : more.metrics) {
      joined.metrics.push_back(
          {.name = metric.name + "_mm", .value = metric.value});
    }
  }
  return joined;
}

double mean_metric(const Evaluation& evaluation) {
  double sum = 0;
  for (const Metric& metric : evaluation.metrics) {
    sum += metric.value;
  }
  return sum / static_cast<double>(evaluation.metrics.size());
}

std::string to_json(const Evaluation& evaluation) {
  nlohmann::ordered_json metrics = nlohmann::ordered_json::object();
  for (const Metric& metric : evaluation.metrics) {
    metrics[metric.name] = metric.value;
  }
  return nlohmann::ordered_json{{"task", evaluation.task},
                                {"rows", evaluation.rows},
                                {"metrics", metrics}}
      .dump();
}

Evaluation evaluation_from_json(const nlohmann::json& json,
                                const std::string& name) {
  const JsonObject object(json, name);
  Evaluation evaluation{
      .task = object.text("task"),
      .rows = static_cast<std::size_t>(
          object.integer("rows", 1, std::numeric_limits<std::int64_t>::max())),
      .metrics = {}};
  const nlohmann::json& values = object.value("metrics");
  const JsonObject metrics(values, name + ": metrics");
  for (const auto& entry : values.items()) {
    evaluation.metrics.push_back(
        {.name = entry.key(),
         .value = metrics.has(entry.key())
                      ? metrics.number(entry.key(), -1, 1)
                      : std::numeric_limits<double>::quiet_NaN()});
  }
  return evaluation;
}

std::string predictions_tsv(const Task& task, const Predictions& predictions) {
  std::string table = "index\tprediction\n";
  const auto out = std::back_inserter(table);
  for (std::size_t i = 0; i < predictions.labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(predictions.labels[i]);
    fmt::format_to(out, "{}\t{}\n", i, task.file_labels.at(label));
  }
  for (std::size_t i = 0; i < predictions.scores.size(); ++i) {
    fmt::format_to(out, "{}\t{}\n", i, predictions.scores[i]);
  }
  return table;
}

}  // namespace distilbert
