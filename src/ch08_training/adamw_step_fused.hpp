#pragma once

#include <span>

#include "ch08_training/adamw_step.hpp"

namespace distilbert {

/// adamw_step for all parameters of a model at once: one pass over memory, in
/// T's own precision, shared over the threads (see parallel_for). The optimizer
/// does so little with each number that it waits for memory, not for
/// arithmetic; that is also why it takes along the factor that clips gradients
/// (see clip_scale). Equal to adamw_step up to rounding; the bits don't depend on the
/// number of threads. Throws std::logic_error as adamw_step does.
template <class T>
void adamw_step_fused(std::span<const AdamWTensor<T>> tensors,
                      const AdamWOptions& options,
                      double gradient_scale = 1);

extern template void adamw_step_fused(std::span<const AdamWTensor<float>>,
                                      const AdamWOptions&,
                                      double);
extern template void adamw_step_fused(std::span<const AdamWTensor<double>>,
                                      const AdamWOptions&,
                                      double);

}  // namespace distilbert
