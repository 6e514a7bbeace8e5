#pragma once

#include <span>

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// Shortens all gradients together, keeping their direction, so that their
/// common Euclidean norm is at most `max_norm` (Pascanu et al. 2013):
///
///   norm = √(Σ over all elements of all gradients of g²), added up in double
///   g ← g · min(1, max_norm / (norm + 10⁻⁶))
///
/// Returns the norm before. A NaN among the gradients makes the norm and all
/// gradients NaN; an infinite norm makes finite elements 0 and infinite ones
/// NaN. Reference behaviour: torch.nn.utils.clip_grad_norm_ of PyTorch 2.13.
/// `max_norm` is above 0; infinity only measures.
template <class T>
double clip_global_norm(std::span<Matrix<T>* const> gradients, double max_norm);

extern template double clip_global_norm(std::span<Matrix<float>* const>,
                                        double);
extern template double clip_global_norm(std::span<Matrix<double>* const>,
                                        double);

}  // namespace distilbert
