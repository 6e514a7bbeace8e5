#pragma once

#include <functional>

#include "ch06_bert/model.hpp"
#include "ch10_glue/evaluation.hpp"

namespace distilbert {

/// A model's predictions on encoded examples of a task, in their order. `done`
/// is told how many examples are finished; it may be empty.
Predictions predict_examples(const Model<float>& model,
                             const Task& task,
                             std::span<const Encoding> encodings,
                             const std::function<void(std::size_t)>& done = {});

/// The task's metrics of a model on examples with labels.
Evaluation evaluate_model(const Model<float>& model,
                          const Task& task,
                          std::span<const Example> examples,
                          std::span<const Encoding> encodings);

}  // namespace distilbert
