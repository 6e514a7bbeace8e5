#include "ch10_glue/majority_baseline.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"

namespace distilbert {

namespace {

int most_frequent_class(const Task& task, std::span<const Example> examples) {
  std::vector<std::size_t> counts(task.label_names.size());
  for (const Example& example : examples) {
    ++counts.at(static_cast<std::size_t>(example.label));
  }
  return static_cast<int>(std::ranges::max_element(counts) - counts.begin());
}

float mean_score(std::span<const Example> examples) {
  double sum = 0;
  for (const Example& example : examples) {
    sum += static_cast<double>(example.score);
  }
  return static_cast<float>(sum / static_cast<double>(examples.size()));
}

}  // namespace

Evaluation majority_baseline(const Task& task,
                             std::span<const Example> train,
                             std::span<const Example> dev) {
  require(!train.empty(), "majority_baseline: no training examples");
  Predictions predictions;
  if (task.regression) {
    predictions.scores.assign(dev.size(), mean_score(train));
  } else {
    predictions.labels.assign(dev.size(), most_frequent_class(task, train));
  }
  return evaluate_predictions(task, predictions, dev);
}

}  // namespace distilbert
