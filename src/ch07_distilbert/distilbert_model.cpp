#include "ch07_distilbert/distilbert_model.hpp"

#include <fmt/core.h>

#include "ch03_autograd/add.hpp"
#include "ch04_layers/embedding.hpp"
#include "ch04_layers/relu.hpp"
#include "ch06_bert/pooler.hpp"
#include "ch07_distilbert/transformer_block.hpp"
#include "common/required_value.hpp"

namespace distilbert {

// --8<-- [start:distilbert_parameters]
template <class T>
DistilBertModel<T>::DistilBertModel(ModelConfig config, HeadKind head)
    : Model<T>(std::move(config), head) {
  const ModelConfig& sizes = this->config();
  const auto hidden = static_cast<std::size_t>(sizes.hidden_size);
  ParameterList<T>& list = this->parameters_;
  const ModelPart body = ModelPart::kBody;
  word_embeddings_ =
      list.declare(body, "distilbert.embeddings.word_embeddings.weight",
                   {static_cast<std::size_t>(sizes.vocab_size), hidden},
                   {"vocab_projector.weight"});
  position_embeddings_ =
      list.declare(body, "distilbert.embeddings.position_embeddings.weight",
                   {static_cast<std::size_t>(sizes.max_positions), hidden});
  embedding_norm_ =
      list.declare_layer_norm(body, "distilbert.embeddings.LayerNorm", hidden);
  for (std::size_t number = 0; number < static_cast<std::size_t>(sizes.layers);
       ++number) {
    declare_layer(number);
  }
  declare_head();
}

template <class T>
void DistilBertModel<T>::declare_layer(std::size_t number) {
  const ModelConfig& sizes = this->config();
  const auto hidden = static_cast<std::size_t>(sizes.hidden_size);
  const auto wide = static_cast<std::size_t>(sizes.intermediate_size);
  ParameterList<T>& list = this->parameters_;
  const auto linear = [&](const char* name, std::size_t in, std::size_t out) {
    return list.declare_linear(
        ModelPart::kBody,
        fmt::format("distilbert.transformer.layer.{}.{}", number, name), in,
        out);
  };
  const auto norm = [&](const char* name) {
    return list.declare_layer_norm(
        ModelPart::kBody,
        fmt::format("distilbert.transformer.layer.{}.{}", number, name),
        hidden);
  };
  layers_.push_back(EncoderLayerParameters<T>{
      .query = linear("attention.q_lin", hidden, hidden),
      .key = linear("attention.k_lin", hidden, hidden),
      .value = linear("attention.v_lin", hidden, hidden),
      .attention_output = linear("attention.out_lin", hidden, hidden),
      .attention_norm = norm("sa_layer_norm"),
      .intermediate = linear("ffn.lin1", hidden, wide),
      .output = linear("ffn.lin2", wide, hidden),
      .output_norm = norm("output_layer_norm")});
}

// --8<-- [end:distilbert_parameters]

template <class T>
void DistilBertModel<T>::declare_head() {
  const auto hidden = static_cast<std::size_t>(this->config().hidden_size);
  const std::size_t labels = this->config().labels.size();
  ParameterList<T>& list = this->parameters_;
  const ModelPart part = ModelPart::kHead;
  switch (this->head()) {
    case HeadKind::kNone:
      break;
    case HeadKind::kMaskedLm:
      masked_lm_ = MaskedLmParameters<T>{
          list.declare_linear(part, "vocab_transform", hidden, hidden),
          list.declare_layer_norm(part, "vocab_layer_norm", hidden),
          word_embeddings_,
          list.declare(part, "vocab_projector.bias",
                       {static_cast<std::size_t>(this->config().vocab_size)})};
      break;
    case HeadKind::kSequenceClassification:
      pre_classifier_ =
          list.declare_linear(part, "pre_classifier", hidden, hidden);
      classifier_ = list.declare_linear(part, "classifier", hidden, labels);
      break;
    case HeadKind::kTokenClassification:
      classifier_ = list.declare_linear(part, "classifier", hidden, labels);
      break;
    case HeadKind::kQuestionAnswering:
      classifier_ = list.declare_linear(part, "qa_outputs", hidden, 2);
      break;
  }
}

// --8<-- [start:distilbert_forward]
template <class T>
Variable<T> DistilBertModel<T>::embed(const PackedBatch& batch,
                                      const Context<T>& context) const {
  std::optional<std::int32_t> padding;
  if (this->config().pad_token_id) {
    padding = static_cast<std::int32_t>(*this->config().pad_token_id);
  }
  return add(embedding(use(context, word_embeddings_), batch.ids, padding),
             embedding(use(context, position_embeddings_), batch.positions));
}

template <class T>
Variable<T> DistilBertModel<T>::layer(const Variable<T>& x,
                                      std::uint32_t number,
                                      const EncoderPass<T>& pass) const {
  return transformer_block(x, layers_[number], number, pass);
}

template <class T>
std::optional<Variable<T>> DistilBertModel<T>::pool(
    const Variable<T>& /*hidden_states*/,
    const PackedBatch& /*batch*/,
    const Context<T>& /*context*/) const {
  return std::nullopt;
}

template <class T>
std::optional<Variable<T>> DistilBertModel<T>::head_logits(
    const ModelOutput<T>& output,
    const PackedBatch& batch,
    const Context<T>& context) const {
  if (masked_lm_) {
    return masked_lm_logits_of(output.last_hidden_state(), context);
  }
  if (!classifier_) {
    return std::nullopt;
  }
  Variable<T> features = output.last_hidden_state();
  if (pre_classifier_) {
    features = relu(apply_linear(first_tokens(features, batch),
                                 *pre_classifier_, this->pieces(), context));
  }
  return apply_linear(this->drop_for_head(features, context), *classifier_,
                      this->pieces(), context);
}

// --8<-- [end:distilbert_forward]

template <class T>
Variable<T> DistilBertModel<T>::masked_lm_logits_of(
    const Variable<T>& hidden_states, const Context<T>& context) const {
  const MaskedLmParameters<T>& head =
      required_value(masked_lm_, "a model without a masked-LM head");
  return masked_lm_logits(hidden_states, head, this->config().layer_norm_eps,
                          this->pieces(), context);
}

template class DistilBertModel<float>;
template class DistilBertModel<double>;

}  // namespace distilbert
