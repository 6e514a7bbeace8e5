#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ch06_bert/model.hpp"
#include "ch08_training/accumulate_micro_batches.hpp"
#include "ch09_distillation/task_distillation_loss.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"

namespace distilbert {

/// A task's training data, ready for a model: element i of both is example i.
struct TaskTrainingData {
  std::vector<Example> examples;
  std::vector<Encoding> encodings;
  std::size_t skipped = 0;  ///< malformed rows of the file, left out
};

/// The loss of fine-tuning: cross-entropy, or mean squared error for
/// regression, of the chosen examples, each of the task's labels at the output
/// of the model that match_labels finds for it. The result refers to model and
/// data, which must outlive it.
BatchLoss<float> finetuning_loss(const Model<float>& model,
                                 const TaskTrainingData& data,
                                 const Task& task);

/// The loss of distillation on a task. The teacher's forward pass is recorded
/// on no tape and drops nothing. Both models have the task's labels, each in
/// its own order; with a cosine weight they have the same hidden size (Error).
/// The result refers to the models and the data, which must outlive it.
///
/// Without a cosine weight the teacher reads all examples when the first loss is
/// asked for, and not again: its logits are the same in every epoch.
/// `teacher_read` is told how many it has read; it may be empty, and may throw.
BatchLoss<float> distilling_loss(
    const Model<float>& student,
    const Model<float>& teacher,
    const TaskTrainingData& data,
    const Task& task,
    const TaskDistillationWeights& weights,
    const std::function<void(std::size_t)>& teacher_read = {});

/// Whether distilling_loss can compare the two models; throws Error, saying
/// what differs, where it can't.
void check_distilled_pair(const ModelConfig& student,
                          const ModelConfig& teacher,
                          const TaskDistillationWeights& weights);

}  // namespace distilbert
