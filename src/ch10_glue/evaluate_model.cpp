#include "ch10_glue/evaluate_model.hpp"

#include "ch10_glue/compute_logits.hpp"

namespace distilbert {

Predictions predict_examples(const Model<float>& model,
                             const Task& task,
                             std::span<const Encoding> encodings,
                             const std::function<void(std::size_t)>& done) {
  constexpr std::size_t kBatchSize = 32;
  const Matrix<float> logits =
      compute_logits(model, encodings, kBatchSize, done);
  return predict(task, {values(logits), columns(logits)},
                 match_labels(task, model.config().labels));
}

Evaluation evaluate_model(const Model<float>& model,
                          const Task& task,
                          std::span<const Example> examples,
                          std::span<const Encoding> encodings) {
  return evaluate_predictions(task, predict_examples(model, task, encodings),
                              examples);
}

}  // namespace distilbert
