#include "ch07_distilbert/transformer_block.hpp"

namespace distilbert {

// --8<-- [start:transformer_block]
template <class T>
Variable<T> transformer_block(const Variable<T>& x,
                              const EncoderLayerParameters<T>& parameters,
                              std::uint32_t number,
                              const EncoderPass<T>& pass) {
  const Pieces<T>& pieces = pass.pieces;
  const Context<T>& context = pass.context;
  const Variable<T> attended = pieces.residual_layer_norm(
      self_attention(x, parameters, number, pass), rows_read(x, pass),
      norm_variables(parameters.attention_norm, pass.layer_norm_eps, context),
      std::nullopt);
  const Variable<T> intermediate =
      pieces.linear_gelu(attended, use(context, parameters.intermediate.weight),
                         use(context, parameters.intermediate.bias));
  return pieces.residual_layer_norm(
      apply_linear(intermediate, parameters.output, pieces, context), attended,
      norm_variables(parameters.output_norm, pass.layer_norm_eps, context),
      hidden_mask(x.value(), number, LayerHalf::kFeedForward, pass));
}

// --8<-- [end:transformer_block]

template Variable<float> transformer_block(const Variable<float>&,
                                           const EncoderLayerParameters<float>&,
                                           std::uint32_t,
                                           const EncoderPass<float>&);
template Variable<double> transformer_block(
    const Variable<double>&,
    const EncoderLayerParameters<double>&,
    std::uint32_t,
    const EncoderPass<double>&);

}  // namespace distilbert
