#include "ch05_attention/attention.hpp"

#include <cmath>
#include <utility>

#include "ch04_layers/dropout.hpp"
#include "ch04_layers/row_math.hpp"
#include "ch05_attention/attention_probabilities.hpp"
#include "ch05_attention/head_blocks.hpp"

namespace distilbert {
namespace {

template <class T>
Block<const T> read_only(Block<T> block) {
  return {block.data, block.rows, block.columns, block.stride};
}

// dropped = probabilities ⊙ mask, for one head whose first query is row
// `first_query` of the packed batch.
template <class T>
void drop_probabilities(Block<const T> probabilities,
                        const AttentionDropout& dropout,
                        std::size_t first_query,
                        std::size_t head,
                        std::size_t heads,
                        Block<T> dropped) {
  const auto scale = static_cast<T>(1 / (1 - dropout.probability));
  const std::uint32_t dropped_below = dropout_threshold(dropout.probability);
  for (std::size_t i = 0; i < probabilities.rows; ++i) {
    const T* const from = probabilities.data + i * probabilities.stride;
    T* const to = dropped.data + i * dropped.stride;
    dropout.source.for_each_in_row(
        static_cast<std::uint32_t>((first_query + i) * heads + head),
        probabilities.columns, [&](std::size_t j, std::uint32_t draw) {
          to[j] = draw >= dropped_below ? scale * from[j] : T{0};
        });
  }
}

// ds = (p̃ ⊙ dp̃ - p ⊙ rowsum(p̃ ⊙ dp̃)) · scale, written over dp̃.
template <class T>
void softmax_and_dropout_backward(Block<const T> p,
                                  Block<const T> dropped,
                                  T scale,
                                  Block<T> dp) {
  for (std::size_t i = 0; i < p.rows; ++i) {
    const std::span<const T> p_row(p.data + i * p.stride, p.columns);
    const std::span<const T> dropped_row(dropped.data + i * dropped.stride,
                                         p.columns);
    const std::span<T> dp_row(dp.data + i * dp.stride, p.columns);
    const T weighted = row_dot<T>(dp_row, dropped_row);
    for (std::size_t j = 0; j < p_row.size(); ++j) {
      dp_row[j] = (dropped_row[j] * dp_row[j] - p_row[j] * weighted) * scale;
    }
  }
}

}  // namespace

// --8<-- [start:attention]
template <class T>
AttentionResult<T> attention(const Matrix<T>& q,
                             const Matrix<T>& k,
                             const Matrix<T>& v,
                             const AttentionLayout& layout,
                             const std::optional<AttentionDropout>& dropout,
                             KeepProbabilities keep) {
  require_attention_inputs(q, k, v, layout);
  const bool kept = keep == KeepProbabilities::kYes;
  const std::vector<std::size_t> offsets = probability_offsets(layout);
  AttentionResult<T> result{
      make_matrix<T>(rows(q), columns(q)),
      make_matrix<T>(1, kept ? offsets.back() : 0),
      make_matrix<T>(1, kept && dropout ? offsets.back() : 0)};
  for_each_head(layout, [&](std::size_t sequence, std::size_t head) {
    const std::size_t length = layout.length(sequence);
    Matrix<T> scratch = make_matrix<T>(kept ? 0 : length, length);
    const Block<T> p = kept ? probability_block<T>(result.probabilities, layout,
                                                   offsets, sequence, head)
                            : Block<T>{scratch.data(), length, length, length};
    attention_probabilities<T>(head_block<const T>(q, layout, sequence, head),
                               head_block<const T>(k, layout, sequence, head),
                               p);
    Block<T> weights = p;
    if (dropout) {
      weights = kept ? probability_block<T>(result.dropped, layout, offsets,
                                            sequence, head)
                     : p;
      drop_probabilities<T>(read_only(p), *dropout,
                            layout.sequence_offsets[sequence], head,
                            layout.heads, weights);
    }
    gemm<T>(Transpose::kNo, Transpose::kNo, read_only(weights),
            head_block<const T>(v, layout, sequence, head), T{0},
            head_block<T>(result.context, layout, sequence, head));
  });
  return result;
}

// --8<-- [end:attention]

// --8<-- [start:attention_backward]
template <class T>
AttentionGradients<T> attention_backward(const Matrix<T>& dcontext,
                                         const Matrix<T>& q,
                                         const Matrix<T>& k,
                                         const Matrix<T>& v,
                                         const AttentionResult<T>& result,
                                         const AttentionLayout& layout) {
  require_attention_inputs(q, k, v, layout);
  const std::vector<std::size_t> offsets = probability_offsets(layout);
  const Matrix<T>& after_dropout =
      result.dropped.size() > 0 ? result.dropped : result.probabilities;
  // NOLINTNEXTLINE(bugprone-integer-division): heads divide the columns
  const T scale = T{1} / std::sqrt(static_cast<T>(columns(q) / layout.heads));
  AttentionGradients<T> gradients{make_matrix<T>(rows(q), columns(q)),
                                  make_matrix<T>(rows(q), columns(q)),
                                  make_matrix<T>(rows(q), columns(q))};
  for_each_head(layout, [&](std::size_t sequence, std::size_t head) {
    const auto of = [&](const Matrix<T>& matrix) {
      return head_block<const T>(matrix, layout, sequence, head);
    };
    const auto into = [&](Matrix<T>& matrix) {
      return head_block<T>(matrix, layout, sequence, head);
    };
    const auto kept = [&](const Matrix<T>& blocks) {
      return probability_block<const T>(blocks, layout, offsets, sequence,
                                        head);
    };
    const std::size_t length = layout.length(sequence);
    Matrix<T> scratch = make_matrix<T>(length, length);
    const Block<T> ds{scratch.data(), length, length, length};
    gemm<T>(Transpose::kYes, Transpose::kNo, kept(after_dropout), of(dcontext),
            T{0}, into(gradients.v));
    gemm<T>(Transpose::kNo, Transpose::kYes, of(dcontext), of(v), T{0}, ds);
    softmax_and_dropout_backward<T>(kept(result.probabilities),
                                    kept(after_dropout), scale, ds);
    gemm<T>(Transpose::kNo, Transpose::kNo, read_only(ds), of(k), T{0},
            into(gradients.q));
    gemm<T>(Transpose::kYes, Transpose::kNo, read_only(ds), of(q), T{0},
            into(gradients.k));
  });
  return gradients;
}

// --8<-- [end:attention_backward]

template <class T>
Variable<T> attention(const Variable<T>& q,
                      const Variable<T>& k,
                      const Variable<T>& v,
                      const AttentionLayout& layout,
                      const std::optional<AttentionDropout>& dropout) {
  Tape<T>* const tape = tape_of<T>({&q, &k, &v});
  AttentionResult<T> result = attention(
      q.value(), k.value(), v.value(), layout, dropout,
      tape == nullptr ? KeepProbabilities::kNo : KeepProbabilities::kYes);
  Matrix<T> context = std::move(result.context);
  if (tape == nullptr) {
    return Variable<T>(std::move(context));
  }
  return tape->record(
      {q, k, v}, std::move(context),
      [q = q.shared_value(), k = k.shared_value(), v = v.shared_value(),
       result = std::move(result),
       layout](const Matrix<T>& dcontext, InputGradients<T>& inputs) {
        AttentionGradients<T> gradients =
            attention_backward(dcontext, *q, *k, *v, result, layout);
        inputs.add(0, std::move(gradients.q));
        inputs.add(1, std::move(gradients.k));
        inputs.add(2, std::move(gradients.v));
      });
}

#define INSTANTIATE(T)                                                        \
  template AttentionResult<T> attention(                                      \
      const Matrix<T>&, const Matrix<T>&, const Matrix<T>&,                   \
      const AttentionLayout&, const std::optional<AttentionDropout>&,         \
      KeepProbabilities);                                                     \
  template AttentionGradients<T> attention_backward(                          \
      const Matrix<T>&, const Matrix<T>&, const Matrix<T>&, const Matrix<T>&, \
      const AttentionResult<T>&, const AttentionLayout&);                     \
  template Variable<T> attention(const Variable<T>&, const Variable<T>&,      \
                                 const Variable<T>&, const AttentionLayout&,  \
                                 const std::optional<AttentionDropout>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
