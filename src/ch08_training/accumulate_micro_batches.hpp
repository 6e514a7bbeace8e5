#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "ch03_autograd/gradients.hpp"
#include "ch04_layers/context.hpp"

namespace distilbert {

/// The mean loss of some examples, given by their numbers: a [1, 1] variable,
/// recorded on the context's tape.
template <class T>
using BatchLoss = std::function<Variable<T>(
    std::span<const std::size_t> examples, const Context<T>& context)>;

/// The loss of a batch and its gradients, computed on at most
/// `micro_batch_size` examples at a time, so that memory is that of a micro
/// batch. The mean over a batch of n examples is
///
///   loss = Σ over micro batches b of (n_b / n) · loss_b
///
/// Each micro batch is weighted by its share of the examples: dividing by the
/// number of micro batches instead would count the examples of a shorter last
/// one for more. Adds the gradient of the loss to `gradients` and returns the
/// loss. `dropout` may be nullptr; the micro batches of a batch draw different
/// masks, the first those of the whole batch. Throws std::logic_error for no
/// examples or a size of 0.
template <class T>
double accumulate_micro_batches(std::span<const std::size_t> examples,
                                std::size_t micro_batch_size,
                                const BatchLoss<T>& loss,
                                const DropoutSource* dropout,
                                Gradients<T>& gradients);

extern template double accumulate_micro_batches(std::span<const std::size_t>,
                                                std::size_t,
                                                const BatchLoss<float>&,
                                                const DropoutSource*,
                                                Gradients<float>&);
extern template double accumulate_micro_batches(std::span<const std::size_t>,
                                                std::size_t,
                                                const BatchLoss<double>&,
                                                const DropoutSource*,
                                                Gradients<double>&);

}  // namespace distilbert
