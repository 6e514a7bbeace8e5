#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// The loss of regression, the mean of (prediction - target)² over all
/// elements, recorded as a [1, 1] variable. Both are [rows, 1], say; throws
/// std::logic_error where the shapes differ.
///   dprediction = dloss · 2 (prediction - target) / elements
template <class T>
Variable<T> mean_squared_error(const Variable<T>& predictions,
                               Matrix<T> targets);

}  // namespace distilbert
