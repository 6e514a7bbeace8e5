#pragma once

#include <functional>

#include "ch06_bert/model.hpp"
#include "ch10_glue/evaluation.hpp"

namespace distilbert {

/// A model's predictions on encoded examples of a task, in their order. `done`
/// is told how many examples are finished; it may be empty. Throws Error as
/// predict and match_labels do.
Predictions predict_examples(const Model<float>& model,
                             const Task& task,
                             std::span<const Encoding> encodings,
                             const std::function<void(std::size_t)>& done = {});

/// The task's metrics of a model on examples with labels. Throws as
/// predict_examples and evaluate_predictions do.
Evaluation evaluate_model(const Model<float>& model,
                          const Task& task,
                          std::span<const Example> examples,
                          std::span<const Encoding> encodings);

}  // namespace distilbert
