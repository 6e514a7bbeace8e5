#pragma once

#include "ch06_bert/encoder_layer.hpp"

namespace distilbert {

/// One layer of DistilBERT: BERT's encoder layer but for one thing, which the
/// papers don't mention and the reference does. There is no dropout between
/// the attention's output projection and the residual:
///   a = layer_norm(x + linear(attention(x)))
///   y = layer_norm(a + dropout(linear(gelu(linear(a)))))
/// x and y are [tokens, hidden].
template <class T>
Variable<T> transformer_block(const Variable<T>& x,
                              const EncoderLayerParameters<T>& parameters,
                              std::uint32_t number,
                              const EncoderPass<T>& pass);

}  // namespace distilbert
