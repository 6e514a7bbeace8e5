#pragma once

#include <cstdint>

#include "ch07_distilbert/load_model.hpp"
#include "ch10_glue/task.hpp"

namespace distilbert {

/// Opens a model with a sequence head for a task. A checkpoint that has such a
/// head keeps it, and must have the task's labels (see match_labels). Where it
/// has none, `missing_head` says whether a new one, with the task's labels, is
/// put on it. Throws Error otherwise.
LoadedModel<float> load_task_model(const Task& task,
                                   const ModelFolder& folder,
                                   MissingHead missing_head,
                                   std::uint64_t seed);

}  // namespace distilbert
