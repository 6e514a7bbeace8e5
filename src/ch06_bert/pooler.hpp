#pragma once

#include "ch06_bert/encoder_layer.hpp"
#include "ch06_bert/packed_batch.hpp"

namespace distilbert {

/// The hidden states of the first token, [CLS], of each text
/// [sequences, hidden]: rows of those of all tokens [tokens, hidden], or these
/// themselves where there are no others.
template <class T>
Variable<T> first_tokens(const Variable<T>& hidden_states,
                         const PackedBatch& batch);

/// BERT's summary of each text: tanh(linear(hidden state of [CLS])), from
/// hidden states as first_tokens takes them to [sequences, hidden].
template <class T>
Variable<T> pooler(const Variable<T>& hidden_states,
                   const PackedBatch& batch,
                   const LinearParameters<T>& parameters,
                   const Pieces<T>& pieces,
                   const Context<T>& context);

}  // namespace distilbert
