#pragma once

#include <span>

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// The norm that clip_global_norm returns, measured by all threads and without
/// changing anything. The bits don't depend on the number of threads.
double global_norm(std::span<Matrix<float>* const> gradients);

/// The factor that clip_global_norm multiplies with, min(1, max_norm / (norm +
/// 10⁻⁶)) of a finite norm, for a fused step that takes it along.
double clip_scale(double norm, double max_norm);

}  // namespace distilbert
