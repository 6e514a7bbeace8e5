#pragma once

#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// One term of a weighted sum.
template <class T>
struct WeightedTerm {
  T weight;
  Variable<T> value;  ///< [1, 1]
};

/// sum over i of weight[i] · value[i], a [1, 1] variable: how losses are
/// combined. There must be at least one term.
template <class T>
Variable<T> weighted_sum(const std::vector<WeightedTerm<T>>& terms);

}  // namespace distilbert
