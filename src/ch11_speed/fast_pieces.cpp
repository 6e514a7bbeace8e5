#include "ch11_speed/fast_pieces.hpp"

#include <memory>
#include <unordered_map>

#include "ch11_speed/blocked_attention.hpp"
#include "ch11_speed/packed_linear.hpp"
#include "ch11_speed/quantized_linear.hpp"

namespace distilbert {
namespace {

using Linear = Pieces<float>::Linear;

// The prepared weights of a model, by the matrix that a variable shares with
// its parameter.
template <class Weight>
using Prepared = std::unordered_map<const Matrix<float>*, const Weight>;

// Whether a parameter is the weight of a linear layer in the encoder. The
// others are read row by row (embeddings) or multiply one row of each text
// (heads), where nothing is to be gained.
bool is_encoder_weight(const Parameter<float>& parameter) {
  return parameter.shape.size() == 2 &&
         parameter.name.find(".layer.") != std::string::npos;
}

template <class Weight>
using Product = Matrix<float> (*)(const Matrix<float>& x,
                                  const Weight& weight,
                                  const Matrix<float>& bias);

template <class Weight>
std::shared_ptr<const Prepared<Weight>> prepare(const Model<float>& model,
                                                MappedFile* weights) {
  auto prepared = std::make_shared<Prepared<Weight>>();
  for (const auto& parameter : model.parameters().parameters()) {
    if (is_encoder_weight(*parameter)) {
      prepared->try_emplace(parameter->value.get(), *parameter->value);
      if (weights != nullptr) {
        weights->drop_pages();
      }
    }
  }
  return prepared;
}

// `function` for weights that were prepared, the other one for the rest and for
// what is recorded.
template <class Weight>
Linear prepared_or(const std::shared_ptr<const Prepared<Weight>>& prepared,
                   Product<Weight> function,
                   const Linear& otherwise) {
  return [=](const Variable<float>& x, const Variable<float>& weight,
             const Variable<float>& bias) {
    const auto found = prepared->find(weight.shared_value().get());
    if (found == prepared->end() ||
        tape_of<float>({&x, &weight, &bias}) != nullptr) {
      return otherwise(x, weight, bias);
    }
    return Variable<float>(function(x.value(), found->second, bias.value()));
  };
}

Pieces<float>::Attention blocked_or(const Pieces<float>::Attention& otherwise) {
  return [=](const Variable<float>& q, const Variable<float>& k,
             const Variable<float>& v, const AttentionLayout& layout,
             const std::optional<AttentionDropout>& dropout) {
    if (dropout || tape_of<float>({&q, &k, &v}) != nullptr) {
      return otherwise(q, k, v, layout, dropout);
    }
    return Variable<float>(
        blocked_attention(q.value(), k.value(), v.value(), layout));
  };
}

// `multiply` and `multiply_gelu` take a Weight made of each parameter.
template <class Weight>
Pieces<float> prepared_pieces(const Model<float>& model,
                              MappedFile* file,
                              Product<Weight> multiply,
                              Product<Weight> multiply_gelu) {
  const auto weights = prepare<Weight>(model, file);
  Pieces<float> pieces = fused_pieces<float>();
  pieces.linear = prepared_or(weights, multiply, pieces.linear);
  pieces.linear_gelu = prepared_or(weights, multiply_gelu, pieces.linear_gelu);
  pieces.attention = blocked_or(pieces.attention);
  return pieces;
}

}  // namespace

void use_fast_pieces(Model<float>& model,
                     Precision precision,
                     MappedFile* weights) {
  if (precision == Precision::kInt8) {
    model.pieces() = prepared_pieces<QuantizedWeight>(
        model, weights, quantized_linear, quantized_linear_gelu);
  } else {
    model.pieces() = prepared_pieces<PackedWeight>(
        model, weights, packed_linear, packed_linear_gelu);
  }
}

}  // namespace distilbert
