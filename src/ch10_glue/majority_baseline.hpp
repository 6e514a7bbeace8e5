#pragma once

#include <span>

#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"

namespace distilbert {

/// What an answer that ignores the text scores: on each dev example the class
/// that is most frequent in the training data (the first of several), or the
/// mean of its scores. Neither is empty (std::logic_error). Correlations with a
/// constant aren't defined, and NaN; Matthews' is 0.
[[nodiscard]] Evaluation majority_baseline(const Task& task,
                                           std::span<const Example> train,
                                           std::span<const Example> dev);

}  // namespace distilbert
