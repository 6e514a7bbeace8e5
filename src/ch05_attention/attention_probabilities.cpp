#include "ch05_attention/attention_probabilities.hpp"

#include <cmath>
#include <span>

#include "ch04_layers/softmax.hpp"

namespace distilbert {

// --8<-- [start:attention_probabilities]
template <class T>
void attention_probabilities(Block<const T> q, Block<const T> k, Block<T> p) {
  const T scale = T{1} / std::sqrt(static_cast<T>(q.columns));
  gemm<T>(Transpose::kNo, Transpose::kYes, q, k, T{0}, p);
  for (std::size_t i = 0; i < p.rows; ++i) {
    const std::span<T> scores(p.data + i * p.stride, p.columns);
    for (T& score : scores) {
      score *= scale;
    }
    softmax_row(scores);
  }
}

// --8<-- [end:attention_probabilities]

template void attention_probabilities(Block<const float>,
                                      Block<const float>,
                                      Block<float>);
template void attention_probabilities(Block<const double>,
                                      Block<const double>,
                                      Block<double>);

}  // namespace distilbert
