#include "ch06_bert/masked_lm_head.hpp"

#include "ch04_layers/layer_norm.hpp"

namespace distilbert {

// --8<-- [start:masked_lm_logits]
template <class T>
Variable<T> masked_lm_logits(const Variable<T>& hidden_states,
                             const MaskedLmParameters<T>& parameters,
                             double layer_norm_eps,
                             const Pieces<T>& pieces,
                             const Context<T>& context) {
  const Variable<T> transformed = pieces.linear_gelu(
      hidden_states, use(context, parameters.transform.weight),
      use(context, parameters.transform.bias));
  const Variable<T> normalized =
      layer_norm(transformed, use(context, parameters.norm.gain),
                 use(context, parameters.norm.bias), layer_norm_eps);
  return pieces.linear(normalized, use(context, parameters.word_embeddings),
                       use(context, parameters.vocabulary_bias));
}

// --8<-- [end:masked_lm_logits]

template Variable<float> masked_lm_logits(const Variable<float>&,
                                          const MaskedLmParameters<float>&,
                                          double,
                                          const Pieces<float>&,
                                          const Context<float>&);
template Variable<double> masked_lm_logits(const Variable<double>&,
                                           const MaskedLmParameters<double>&,
                                           double,
                                           const Pieces<double>&,
                                           const Context<double>&);

}  // namespace distilbert
