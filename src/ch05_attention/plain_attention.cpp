#include "ch05_attention/plain_attention.hpp"

#include <cmath>

#include "ch04_layers/blocks.hpp"
#include "ch04_layers/dropout.hpp"
#include "ch04_layers/matrix_product.hpp"
#include "ch04_layers/softmax.hpp"

namespace distilbert {
namespace {

// The mask of one head: row i of it is row (first_query + i) · heads + head of
// the numbers drawn for the whole batch.
DropoutMask head_mask(const AttentionDropout& dropout,
                      std::size_t first_query,
                      std::size_t length,
                      std::size_t head,
                      std::size_t heads) {
  const DropoutMask all =
      draw_dropout_mask((first_query + length) * heads, length,
                        dropout.probability, dropout.source);
  DropoutMask mask{Buffer<std::uint8_t>(length * length), length, length,
                   all.scale};
  for (std::size_t i = 0; i < length; ++i) {
    for (std::size_t j = 0; j < length; ++j) {
      mask.keep[i * length + j] =
          all.keep[((first_query + i) * heads + head) * length + j];
    }
  }
  return mask;
}

}  // namespace

// --8<-- [start:plain_attention]
template <class T>
Variable<T> plain_attention(const Variable<T>& q,
                            const Variable<T>& k,
                            const Variable<T>& v,
                            const AttentionLayout& layout,
                            const std::optional<AttentionDropout>& dropout) {
  const std::size_t tokens = rows(q.value());
  const std::size_t hidden = columns(q.value());
  require_layout(layout, tokens, hidden);
  const std::size_t head_size = hidden / layout.heads;
  const T scale = T{1} / std::sqrt(static_cast<T>(head_size));
  std::vector<Variable<T>> contexts;
  std::vector<BlockPlace> places;
  for (std::size_t s = 0; s < layout.sequences(); ++s) {
    const std::size_t first = layout.sequence_offsets[s];
    const std::size_t length = layout.length(s);
    for (std::size_t h = 0; h < layout.heads; ++h) {
      const BlockPlace place{first, h * head_size, length, head_size};
      // --8<-- [start:one_head]
      Variable<T> p = softmax(scaled_product_transposed(
          cut_block(q, place), cut_block(k, place), scale));
      // --8<-- [end:one_head]
      if (dropout) {
        p = distilbert::dropout<T>(
            p, head_mask(*dropout, first, length, h, layout.heads));
      }
      // --8<-- [start:gather]
      contexts.push_back(matrix_product(p, cut_block(v, place)));
      places.push_back(place);
      // --8<-- [end:gather]
    }
  }
  return join_blocks(contexts, places, tokens, hidden);
}

// --8<-- [end:plain_attention]

template Variable<float> plain_attention(
    const Variable<float>&,
    const Variable<float>&,
    const Variable<float>&,
    const AttentionLayout&,
    const std::optional<AttentionDropout>&);
template Variable<double> plain_attention(
    const Variable<double>&,
    const Variable<double>&,
    const Variable<double>&,
    const AttentionLayout&,
    const std::optional<AttentionDropout>&);

}  // namespace distilbert
