#pragma once

#include <functional>
#include <optional>

#include "ch04_layers/residual_layer_norm.hpp"
#include "ch05_attention/attention_layout.hpp"

namespace distilbert {

/// The operations that an encoder layer is built from. A model holds its own
/// set, so that any of them can be exchanged: by the plain compositions that
/// the book teaches first, by a reader's own, or by ones that count their
/// calls.
template <class T>
struct Pieces {
  using Linear = std::function<Variable<T>(const Variable<T>& x,
                                           const Variable<T>& weight,
                                           const Variable<T>& bias)>;
  using Attention =
      std::function<Variable<T>(const Variable<T>& q,
                                const Variable<T>& k,
                                const Variable<T>& v,
                                const AttentionLayout& layout,
                                const std::optional<AttentionDropout>&)>;
  using ResidualLayerNorm =
      std::function<Variable<T>(const Variable<T>& x,
                                const Variable<T>& residual,
                                const LayerNormVariables<T>& norm,
                                std::optional<DropoutMask> mask)>;

  Linear linear;
  Linear linear_gelu;
  Attention attention;
  ResidualLayerNorm residual_layer_norm;
};

/// The fast pieces: what models use unless told otherwise.
template <class T>
Pieces<T> fused_pieces();

/// The same made of the single operations of chapters 4 and 5.
template <class T>
Pieces<T> plain_pieces();

}  // namespace distilbert
