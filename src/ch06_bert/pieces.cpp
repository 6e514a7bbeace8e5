#include "ch06_bert/pieces.hpp"

#include "ch04_layers/linear.hpp"
#include "ch04_layers/linear_gelu.hpp"
#include "ch05_attention/attention.hpp"
#include "ch05_attention/plain_attention.hpp"

namespace distilbert {
namespace {

// Picks, of the overloads of linear and attention, those on variables.
template <class T>
using LinearFunction = Variable<T> (*)(const Variable<T>&,
                                       const Variable<T>&,
                                       const Variable<T>&);
template <class T>
using AttentionFunction =
    Variable<T> (*)(const Variable<T>&,
                    const Variable<T>&,
                    const Variable<T>&,
                    const AttentionLayout&,
                    const std::optional<AttentionDropout>&);

}  // namespace

template <class T>
Pieces<T> fused_pieces() {
  return {static_cast<LinearFunction<T>>(linear<T>), linear_gelu<T>,
          static_cast<AttentionFunction<T>>(attention<T>),
          residual_layer_norm<T>};
}

template <class T>
Pieces<T> plain_pieces() {
  return {static_cast<LinearFunction<T>>(linear<T>), plain_linear_gelu<T>,
          plain_attention<T>, plain_residual_layer_norm<T>};
}

template Pieces<float> fused_pieces();
template Pieces<double> fused_pieces();
template Pieces<float> plain_pieces();
template Pieces<double> plain_pieces();

}  // namespace distilbert
