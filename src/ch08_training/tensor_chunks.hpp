#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace distilbert {

/// Elements [begin, end) of one of several tensors.
struct TensorChunk {
  std::size_t tensor = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Cuts tensors of the given sizes into chunks of at most `longest` elements,
/// in order. Weights differ in size by a factor of ten thousand; chunks make
/// them work that threads can share evenly. Where chunks begin doesn't depend
/// on the number of threads, so neither does a sum over chunks in order.
std::vector<TensorChunk> cut_into_chunks(std::span<const std::size_t> sizes,
                                         std::size_t longest);

}  // namespace distilbert
