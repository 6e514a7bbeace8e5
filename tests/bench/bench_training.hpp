#pragma once

#include <cstddef>

#include "ch10_glue/task_training.hpp"

namespace distilbert {

/// Seconds for `steps` steps of fine-tuning on the first batch · steps
/// examples, with dropout, clipping and AdamW as the reference's Trainer has
/// them. Changes the model.
double time_finetuning(const Task& task,
                       const Model<float>& model,
                       const TaskTrainingData& data,
                       std::size_t batch,
                       std::size_t steps);

/// The loss of the first batch without dropout, to compare with a peer's.
double first_finetuning_loss(const Task& task,
                             const Model<float>& model,
                             const TaskTrainingData& data,
                             std::size_t batch);

/// Seconds for `steps` steps of masked-LM distillation with the triple loss, on
/// the first batch · steps texts grouped by length. Both models have the head
/// that predicts hidden words. Changes the student.
double time_distillation(const Model<float>& student,
                         const Model<float>& teacher,
                         const TaskTrainingData& data,
                         std::size_t batch,
                         std::size_t steps);

/// The triple loss of the first batch in the file's order without dropout.
double first_distillation_loss(const Model<float>& student,
                               const Model<float>& teacher,
                               const TaskTrainingData& data,
                               std::size_t batch);

}  // namespace distilbert
