#pragma once

#include <cstdint>

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
};

/// One layer of BERT's encoder (Devlin et al. 2018; the layer of Vaswani et al.
/// 2017, section 3.1): x [tokens, hidden] to the same shape,
///   a = layer_norm(x + dropout(linear(attention(x))))
///   y = layer_norm(a + dropout(linear(gelu(linear(a)))))
/// `number` counts the layers from 0 and addresses their dropout.
template <class T>
Variable<T> encoder_layer(const Variable<T>& x,
                          const EncoderLayerParameters<T>& parameters,
                          std::uint32_t number,
                          const EncoderPass<T>& pass);

/// The multi-head self-attention of a layer with its four products, before
/// dropout and residual.
template <class T>
Variable<T> self_attention(const Variable<T>& x,
                           const EncoderLayerParameters<T>& parameters,
                           std::uint32_t number,
                           const EncoderPass<T>& pass);

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

/// The mask for hidden states [tokens, hidden] at the end of half a layer.
template <class T>
std::optional<DropoutMask> hidden_mask(const Matrix<T>& hidden,
                                       std::uint32_t number,
                                       LayerHalf half,
                                       const EncoderPass<T>& pass) {
  return draw_dropout_mask(pass.context, rows(hidden), columns(hidden),
                           pass.hidden_dropout, RandomPurpose::kHiddenDropout,
                           2 * number + static_cast<std::uint32_t>(half));
}

}  // namespace distilbert
