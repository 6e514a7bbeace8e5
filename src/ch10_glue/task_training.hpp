#pragma once

#include <span>
#include <vector>

#include "ch06_bert/model.hpp"
#include "ch08_training/accumulate_micro_batches.hpp"
#include "ch09_distillation/task_distillation_loss.hpp"
#include "ch10_glue/read_examples.hpp"

namespace distilbert {

/// A task's training data, ready for a model: element i of both is example i.
struct TaskTrainingData {
  std::vector<Example> examples;
  std::vector<Encoding> encodings;
};

/// The loss of fine-tuning: cross-entropy, or mean squared error for
/// regression, of the chosen examples. `permutation`, from match_labels, gives
/// the model's index of each of the task's labels. The result refers to model
/// and data, which must outlive it.
BatchLoss<float> finetuning_loss(const Model<float>& model,
                                 const TaskTrainingData& data,
                                 bool regression,
                                 std::vector<std::size_t> permutation);

/// The loss of distillation on a task. The teacher's forward pass is recorded
/// on no tape and drops nothing. Both models must have the same labels in the
/// same order; with a cosine weight also the same hidden size (Error).
BatchLoss<float> distilling_loss(const Model<float>& student,
                                 const Model<float>& teacher,
                                 const TaskTrainingData& data,
                                 bool regression,
                                 std::vector<std::size_t> permutation,
                                 const TaskDistillationWeights& weights);

}  // namespace distilbert
