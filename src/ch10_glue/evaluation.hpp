#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"

namespace distilbert {

/// A model's outputs, `[rows, columns]`, row-major; somebody else's memory.
struct Logits {
  std::span<const float> values;  ///< all rows, one after another
  std::size_t columns = 0;        ///< logits per row
};

/// What a model says about each row: a class in the task's order or, for
/// regression, a score. The other vector is empty.
struct Predictions {
  std::vector<int> labels;    ///< for classification
  std::vector<float> scores;  ///< for regression
};

/// One figure of a task's score; NaN where it isn't defined (a correlation
/// with a constant vector).
struct Metric {
  std::string name;    ///< as metric_name gives it
  double value = 0.0;  ///< from 0 or −1 to 1
};

/// A model's result on a task: on one of its files, or on all together.
struct Evaluation {
  std::string task;             ///< the task's name
  std::size_t rows = 0;         ///< how many rows were scored
  std::vector<Metric> metrics;  ///< in the task's order
};

/// Turns logits into predictions. A class is the column with the greatest
/// logit, the first of several; a score is the output as it is, not clipped to
/// 0..5. `permutation`, from match_labels, says which column belongs to each of
/// the task's labels.
///
/// Throws Error if the number of columns isn't the task's, or, with the row
/// (from 0), if a logit is infinite or NaN, as after a training that diverged.
[[nodiscard]] Predictions predict(const Task& task,
                                  const Logits& logits,
                                  std::span<const std::size_t> permutation);

/// The task's metrics of the predictions against the examples' labels.
/// Predictions and examples are as many, at least one, and the examples have
/// labels (std::logic_error otherwise).
///
/// Reference behaviour: the `glue` metric of the `evaluate` package, with the
/// correlations summed in double.
[[nodiscard]] Evaluation evaluate_predictions(
    const Task& task,
    const Predictions& predictions,
    std::span<const Example> examples);

/// The evaluations of a task's dev files as one: MNLI's second file adds its
/// metrics with the reference's ending for them, "accuracy_mm". At least one
/// (std::logic_error otherwise).
[[nodiscard]] Evaluation join_evaluations(
    std::span<const Evaluation> evaluations);

/// The mean of an evaluation's metrics, with which a task counts in GLUE's
/// average; NaN where one isn't defined.
[[nodiscard]] double mean_metric(const Evaluation& evaluation);

/// {"task":"sst2","rows":872,"metrics":{"accuracy":0.9}} on one line, without a
/// line end. NaN is written as null, since JSON has no NaN.
[[nodiscard]] std::string to_json(const Evaluation& evaluation);

/// What to_json wrote. Throws Error, with `name` (of the file), for anything
/// else.
[[nodiscard]] Evaluation evaluation_from_json(const nlohmann::json& json,
                                              const std::string& name);

/// A table with the header `index<TAB>prediction` and a line per row, index
/// from 0. Classes are written as the task's files write them (0 and 1, or
/// "entailment"), scores with as many digits as give back the same float.
[[nodiscard]] std::string predictions_tsv(const Task& task,
                                          const Predictions& predictions);

}  // namespace distilbert
