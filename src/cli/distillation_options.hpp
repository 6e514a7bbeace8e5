#pragma once

#include "ch07_distilbert/load_model.hpp"
#include "ch08_training/training_identity.hpp"
#include "ch09_distillation/task_distillation_loss.hpp"
#include "cli/command.hpp"

namespace distilbert::cli {

/// Adds --temperature, --alpha-soft, --alpha-hard and --alpha-cos, and returns
/// them; they are the command's.
std::vector<CLI::Option*> add_distillation_options(
    CLI::App& command, TaskDistillationWeights& weights);

/// Throws UsageError for a temperature that isn't above 0, for a negative
/// weight, and where all weights are 0.
void check_distillation_options(const TaskDistillationWeights& weights);

/// The weights under the names of their options.
TrainingIdentity identity_of(const TaskDistillationWeights& weights);

/// Throws Error unless both have the same vocabulary: the teacher reads the ids
/// that the student's tokenizer makes.
void check_same_vocabulary(const ModelFolder& teacher,
                           const ModelFolder& student);

}  // namespace distilbert::cli
