#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "ch06_bert/model.hpp"

namespace distilbert {

/// The logits of a sequence head for many texts [texts, labels], computed in
/// batches of `batch_size` texts in their order, whose parts are shared out over
/// the threads. `done` is told how many texts are finished; it may be empty.
/// Throws std::logic_error for a batch size of 0 and for another head.
Matrix<float> compute_logits(const Model<float>& model,
                             std::span<const Encoding> encodings,
                             std::size_t batch_size,
                             const std::function<void(std::size_t)>& done = {});

}  // namespace distilbert
