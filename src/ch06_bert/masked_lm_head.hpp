#pragma once

#include "ch06_bert/encoder_layer.hpp"

namespace distilbert {

/// The head that predicts hidden words, the same for both families but for its
/// names.
template <class T>
struct MaskedLmParameters {
  LinearParameters<T> transform;    ///< [hidden, hidden]
  LayerNormParameters<T> norm;      ///< [hidden]
  ParameterPtr<T> word_embeddings;  ///< tied: [vocab, hidden]
  ParameterPtr<T> vocabulary_bias;  ///< [vocab]
};

/// logits = layer_norm(gelu(linear(hidden_states))) · word_embeddingsᵀ + bias,
/// from [tokens, hidden] to [tokens, vocab]. The output layer is the table of
/// word embeddings itself, so it has no weight of its own.
template <class T>
Variable<T> masked_lm_logits(const Variable<T>& hidden_states,
                             const MaskedLmParameters<T>& parameters,
                             double layer_norm_eps,
                             const Pieces<T>& pieces,
                             const Context<T>& context);

}  // namespace distilbert
