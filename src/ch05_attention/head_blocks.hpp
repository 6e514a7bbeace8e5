#pragma once

#include <numeric>
#include <vector>

#include "ch01_tensor/blas.hpp"
#include "ch05_attention/attention_layout.hpp"
#include "common/threads.hpp"

namespace distilbert {

/// Throws std::logic_error unless q, k and v are of one shape, [tokens, hidden],
/// which the layout divides.
template <class T>
void require_attention_inputs(const Matrix<T>& q,
                              const Matrix<T>& k,
                              const Matrix<T>& v,
                              const AttentionLayout& layout) {
  require_shape(k, rows(q), columns(q), "keys");
  require_shape(v, rows(q), columns(q), "values");
  require_layout(layout, rows(q), columns(q));
}

/// The rows of one sequence and the columns of one head in a [tokens, hidden]
/// matrix.
template <class T, class Container>
Block<T> head_block(Container& matrix,
                    const AttentionLayout& layout,
                    std::size_t sequence,
                    std::size_t head) {
  const std::size_t hidden = columns(matrix);
  const std::size_t head_size = hidden / layout.heads;
  return {matrix.data() + layout.sequence_offsets[sequence] * hidden +
              head * head_size,
          layout.length(sequence), head_size, hidden};
}

/// Where the probabilities of each sequence begin when all are kept, and how
/// many there are: sequences + 1 numbers.
inline std::vector<std::size_t> probability_offsets(
    const AttentionLayout& layout) {
  std::vector<std::size_t> offsets{0};
  for (std::size_t s = 0; s < layout.sequences(); ++s) {
    offsets.push_back(offsets.back() +
                      layout.heads * layout.length(s) * layout.length(s));
  }
  return offsets;
}

/// The probabilities of one sequence and head among all that are kept.
template <class T, class Container>
Block<T> probability_block(Container& kept,
                           const AttentionLayout& layout,
                           const std::vector<std::size_t>& offsets,
                           std::size_t sequence,
                           std::size_t head) {
  const std::size_t length = layout.length(sequence);
  return {kept.data() + offsets[sequence] + head * length * length, length,
          length, length};
}

/// Calls work(sequence, head, scratch) for all heads of all sequences, on several
/// threads where there is enough to do. `scratch` is what make_scratch() returned
/// when the thread began.
template <class MakeScratch, class Work>
void for_each_head(const AttentionLayout& layout,
                   const MakeScratch& make_scratch,
                   const Work& work) {
  // A head of one short sequence takes about a microsecond.
  constexpr std::size_t kLeastTokens = 64;
  const std::size_t count = layout.sequences() * layout.heads;
  const std::size_t tokens = layout.sequence_offsets.back() * layout.heads;
  const std::size_t least = tokens == 0 ? 1 : kLeastTokens * count / tokens + 1;
  parallel_for(count, least, [&](std::size_t begin, std::size_t end) {
    auto scratch = make_scratch();
    for (std::size_t i = begin; i < end; ++i) {
      work(i / layout.heads, i % layout.heads, scratch);
    }
  });
}

/// The same without scratch: work(sequence, head).
template <class Work>
void for_each_head(const AttentionLayout& layout, const Work& work) {
  struct None {};

  for_each_head(
      layout, [] { return None{}; },
      [&](std::size_t sequence, std::size_t head, None& /*scratch*/) {
        work(sequence, head);
      });
}

}  // namespace distilbert
