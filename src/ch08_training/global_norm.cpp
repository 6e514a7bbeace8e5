#include "ch08_training/global_norm.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "ch01_tensor/sum_of_squares.hpp"
#include "ch08_training/tensor_chunks.hpp"
#include "common/threads.hpp"

namespace distilbert {

double global_norm(std::span<Matrix<float>* const> gradients) {
  constexpr std::size_t kChunk = std::size_t{1} << 17U;
  std::vector<std::size_t> sizes;
  for (const Matrix<float>* gradient : gradients) {
    sizes.push_back(gradient->size());
  }
  const std::vector<TensorChunk> chunks = cut_into_chunks(sizes, kChunk);
  std::vector<double> sums(chunks.size());
  parallel_for(chunks.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const auto [tensor, begin, end] = chunks[i];
      const Matrix<float>& gradient = *gradients[tensor];
      sums[i] = sum_of_squares(values(gradient).subspan(begin, end - begin));
    }
  });
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

double clip_scale(double norm, double max_norm) {
  return std::min(1.0, max_norm / (norm + 1e-6));
}

}  // namespace distilbert
