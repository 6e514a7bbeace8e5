#pragma once

#include "ch04_layers/dropout.hpp"

namespace distilbert {

/// The gain and bias of a layer normalisation, each [1, hidden], and its eps.
template <class T>
struct LayerNormVariables {
  Variable<T> gain;
  Variable<T> bias;
  double eps = 0;
};

/// layer_norm(residual + dropout(x)) as one operation, recorded: the end of
/// both halves of an encoder layer. x and residual are [tokens, hidden].
/// Plain composition: plain_residual_layer_norm.
template <class T>
Variable<T> residual_layer_norm(const Variable<T>& x,
                                const Variable<T>& residual,
                                const LayerNormVariables<T>& norm,
                                std::optional<DropoutMask> mask);

/// The composition of dropout, add and layer_norm that it must equal.
template <class T>
Variable<T> plain_residual_layer_norm(const Variable<T>& x,
                                      const Variable<T>& residual,
                                      const LayerNormVariables<T>& norm,
                                      std::optional<DropoutMask> mask);

}  // namespace distilbert
