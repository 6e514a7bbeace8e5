#include "ch06_bert/encoder_layer.hpp"

namespace distilbert {

template <class T>
Variable<T> self_attention(const Variable<T>& x,
                           const EncoderLayerParameters<T>& parameters,
                           std::uint32_t number,
                           const EncoderPass<T>& pass) {
  const auto project = [&](const LinearParameters<T>& of) {
    return apply_linear(x, of, pass.pieces, pass.context);
  };
  std::optional<AttentionDropout> dropout;
  if (pass.context.dropout != nullptr && pass.attention_dropout > 0) {
    const DropoutSource& source = *pass.context.dropout;
    dropout = AttentionDropout{
        RandomSource(source.seed, RandomPurpose::kAttentionDropout, source.step,
                     number),
        pass.attention_dropout};
    if (source.log != nullptr) {
      source.log->push_back({RandomPurpose::kAttentionDropout, number,
                             rows(x.value()) * pass.layout.heads, 0,
                             pass.attention_dropout});
    }
  }
  const Variable<T> context =
      pass.pieces.attention(project(parameters.query), project(parameters.key),
                            project(parameters.value), pass.layout, dropout);
  // --8<-- [start:rows_read]
  return apply_linear(rows_read(context, pass), parameters.attention_output,
                      pass.pieces, pass.context);
  // --8<-- [end:rows_read]
}

template Variable<float> self_attention(const Variable<float>&,
                                        const EncoderLayerParameters<float>&,
                                        std::uint32_t,
                                        const EncoderPass<float>&);
template Variable<double> self_attention(const Variable<double>&,
                                         const EncoderLayerParameters<double>&,
                                         std::uint32_t,
                                         const EncoderPass<double>&);

}  // namespace distilbert
