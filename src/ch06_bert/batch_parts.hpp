#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "ch02_tokenizer/encoding.hpp"

namespace distilbert {

/// The numbers of the texts that make a part of a batch.
using BatchPart = std::vector<std::size_t>;

/// Deals the texts of a batch out into parts, so that threads can work on them
/// at the same time, each on a forward pass of its own. The parts have about
/// the same number of tokens, few enough that a part's activations stay in a
/// core's cache, and there are as many for every thread. No part is empty; no
/// texts make no parts.
std::vector<BatchPart> deal_into_parts(std::span<const Encoding> texts,
                                       std::size_t threads);

/// Calls work(part) for the parts of a batch of texts, on all threads. The first
/// exception that `work` throws is rethrown.
void for_each_part(std::span<const Encoding> texts,
                   const std::function<void(const BatchPart&)>& work);

}  // namespace distilbert
