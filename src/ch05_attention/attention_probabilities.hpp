#pragma once

#include "ch01_tensor/blas.hpp"

namespace distilbert {

/// How much each query attends to each key of its sequence, for one head:
///   p = softmax(q · kᵀ / √head_size), row by row
/// (Vaswani et al. 2017, section 3.2.1). q is [queries, head_size], k is
/// [keys, head_size], and p, [queries, keys], is written.
template <class T>
void attention_probabilities(Block<const T> q, Block<const T> k, Block<T> p);

extern template void attention_probabilities(Block<const float>,
                                             Block<const float>,
                                             Block<float>);
extern template void attention_probabilities(Block<const double>,
                                             Block<const double>,
                                             Block<double>);

}  // namespace distilbert
