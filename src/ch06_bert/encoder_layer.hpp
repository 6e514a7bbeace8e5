#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ch04_layers/select_rows.hpp"
#include "ch06_bert/parameter_groups.hpp"
#include "ch06_bert/pieces.hpp"

namespace distilbert {

/// What is the same for all layers of one forward pass.
template <class T>
struct EncoderPass {
  const Pieces<T>& pieces;
  const Context<T>& context;
  AttentionLayout layout;
  double hidden_dropout = 0;
  double attention_dropout = 0;
  double layer_norm_eps = 0;
  /// The rows of the layer's output that anybody reads; nothing for all.
  /// Attention looks at every token all the same.
  std::optional<std::vector<std::size_t>> rows_read;
};

/// One layer of BERT's encoder (Devlin et al. 2018; the layer of Vaswani et al.
/// 2017, section 3.1): x [tokens, hidden] to the same shape,
///   a = layer_norm(x + dropout(linear(attention(x))))
///   y = layer_norm(a + dropout(linear(gelu(linear(a)))))
/// or to [rows read, hidden]: after attention no row looks at another one.
/// `number` counts the layers from 0 and addresses their dropout.
template <class T>
Variable<T> encoder_layer(const Variable<T>& x,
                          const EncoderLayerParameters<T>& parameters,
                          std::uint32_t number,
                          const EncoderPass<T>& pass);

/// The multi-head self-attention of a layer with its four products, before
/// dropout and residual, for the rows that are read.
template <class T>
Variable<T> self_attention(const Variable<T>& x,
                           const EncoderLayerParameters<T>& parameters,
                           std::uint32_t number,
                           const EncoderPass<T>& pass);

/// The rows of x [tokens, columns] that are read.
template <class T>
Variable<T> rows_read(const Variable<T>& x, const EncoderPass<T>& pass) {
  return pass.rows_read ? select_rows(x, *pass.rows_read) : x;
}

/// linear through the pass's pieces, with parameters.
template <class T>
Variable<T> apply_linear(const Variable<T>& x,
                         const LinearParameters<T>& parameters,
                         const Pieces<T>& pieces,
                         const Context<T>& context) {
  return pieces.linear(x, use(context, parameters.weight),
                       use(context, parameters.bias));
}

/// A layer normalisation's parameters as variables.
template <class T>
LayerNormVariables<T> norm_variables(const LayerNormParameters<T>& parameters,
                                     double eps,
                                     const Context<T>& context) {
  return {use(context, parameters.gain), use(context, parameters.bias), eps};
}

/// The dropout masks of a layer's two halves have numbers of their own.
enum class LayerHalf : std::uint8_t { kAttention, kFeedForward };

/// The mask for hidden states at the end of half a layer: that of all tokens
/// [tokens, hidden], in the rows that are read.
template <class T>
std::optional<DropoutMask> hidden_mask(const Matrix<T>& hidden,
                                       std::uint32_t number,
                                       LayerHalf half,
                                       const EncoderPass<T>& pass) {
  auto mask =
      draw_dropout_mask(pass.context, rows(hidden), columns(hidden),
                        pass.hidden_dropout, RandomPurpose::kHiddenDropout,
                        2 * number + static_cast<std::uint32_t>(half));
  return mask && pass.rows_read ? select_rows(*mask, *pass.rows_read) : mask;
}

}  // namespace distilbert
