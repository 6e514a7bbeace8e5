#include "ch06_bert/pooler.hpp"

#include "ch04_layers/hyperbolic_tangent.hpp"

namespace distilbert {

// --8<-- [start:pooler]
template <class T>
Variable<T> pooler(const Variable<T>& hidden_states,
                   const PackedBatch& batch,
                   const LinearParameters<T>& parameters,
                   const Pieces<T>& pieces,
                   const Context<T>& context) {
  return hyperbolic_tangent(apply_linear(first_tokens(hidden_states, batch),
                                         parameters, pieces, context));
}

// --8<-- [end:pooler]

template Variable<float> pooler(const Variable<float>&,
                                const PackedBatch&,
                                const LinearParameters<float>&,
                                const Pieces<float>&,
                                const Context<float>&);
template Variable<double> pooler(const Variable<double>&,
                                 const PackedBatch&,
                                 const LinearParameters<double>&,
                                 const Pieces<double>&,
                                 const Context<double>&);

}  // namespace distilbert
