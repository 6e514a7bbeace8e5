#include "ch08_training/tensor_chunks.hpp"

#include <algorithm>

#include "common/error.hpp"

namespace distilbert {

std::vector<TensorChunk> cut_into_chunks(std::span<const std::size_t> sizes,
                                         std::size_t longest) {
  require(longest > 0, "chunks of no elements");
  std::vector<TensorChunk> chunks;
  for (std::size_t tensor = 0; tensor < sizes.size(); ++tensor) {
    for (std::size_t begin = 0; begin < sizes[tensor]; begin += longest) {
      chunks.push_back(
          {tensor, begin, std::min(begin + longest, sizes[tensor])});
    }
  }
  return chunks;
}

}  // namespace distilbert
