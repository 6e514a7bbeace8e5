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

/// What distilling_loss tells of the teacher: shows how many of so many rows it
/// has read, and throws Error, saying how to go on, once a signal asks to stop
/// (InterruptGuard). `name`, of the run, stands before it where it isn't empty.
/// Refers to the progress.
std::function<void(std::size_t)> watch_teacher(Progress& progress,
                                               std::size_t rows,
                                               std::string name = {});

/// Throws Error unless both have the same vocabulary: the teacher reads the ids
/// that the student's tokenizer makes.
void check_same_vocabulary(const ModelFolder& teacher,
                           const ModelFolder& student);

}  // namespace distilbert::cli
