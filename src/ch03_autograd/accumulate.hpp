#pragma once

#include <optional>

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// Adds a contribution to a gradient that may not exist yet: the first one is
/// moved in, later ones are added. A value that is used twice receives one
/// contribution from each use, and its gradient is their sum. Throws
/// std::logic_error where the shapes differ.
template <class T>
void accumulate(std::optional<Matrix<T>>& gradient, Matrix<T> contribution);

extern template void accumulate(std::optional<Matrix<float>>&, Matrix<float>);
extern template void accumulate(std::optional<Matrix<double>>&, Matrix<double>);

}  // namespace distilbert
