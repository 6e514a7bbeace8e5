#include "ch06_bert/bert_model.hpp"

#include <fmt/core.h>

#include "ch03_autograd/add.hpp"
#include "ch04_layers/embedding.hpp"
#include "ch06_bert/pooler.hpp"
#include "common/required_value.hpp"

namespace distilbert {

// --8<-- [start:bert_parameters]
template <class T>
BertModel<T>::BertModel(ModelConfig config, HeadKind head)
    : Model<T>(std::move(config), head) {
  const ModelConfig& sizes = this->config();
  const auto hidden = static_cast<std::size_t>(sizes.hidden_size);
  const auto rows_of = [](std::int64_t rows) {
    return static_cast<std::size_t>(rows);
  };
  ParameterList<T>& list = this->parameters_;
  const ModelPart body = ModelPart::kBody;
  word_embeddings_ = list.declare(
      body, "bert.embeddings.word_embeddings.weight",
      {rows_of(sizes.vocab_size), hidden}, {"cls.predictions.decoder.weight"});
  position_embeddings_ =
      list.declare(body, "bert.embeddings.position_embeddings.weight",
                   {rows_of(sizes.max_positions), hidden});
  token_type_embeddings_ =
      list.declare(body, "bert.embeddings.token_type_embeddings.weight",
                   {rows_of(sizes.type_vocab_size), hidden});
  embedding_norm_ =
      list.declare_layer_norm(body, "bert.embeddings.LayerNorm", hidden);
  for (std::size_t number = 0; number < rows_of(sizes.layers); ++number) {
    declare_layer(number);
  }
  declare_head();
}

template <class T>
void BertModel<T>::declare_layer(std::size_t number) {
  const ModelConfig& sizes = this->config();
  const auto hidden = static_cast<std::size_t>(sizes.hidden_size);
  const auto wide = static_cast<std::size_t>(sizes.intermediate_size);
  ParameterList<T>& list = this->parameters_;
  const auto linear = [&](const char* name, std::size_t in, std::size_t out) {
    return list.declare_linear(
        ModelPart::kBody, fmt::format("bert.encoder.layer.{}.{}", number, name),
        in, out);
  };
  const auto norm = [&](const char* name) {
    return list.declare_layer_norm(
        ModelPart::kBody, fmt::format("bert.encoder.layer.{}.{}", number, name),
        hidden);
  };
  layers_.push_back(EncoderLayerParameters<T>{
      .query = linear("attention.self.query", hidden, hidden),
      .key = linear("attention.self.key", hidden, hidden),
      .value = linear("attention.self.value", hidden, hidden),
      .attention_output = linear("attention.output.dense", hidden, hidden),
      .attention_norm = norm("attention.output.LayerNorm"),
      .intermediate = linear("intermediate.dense", hidden, wide),
      .output = linear("output.dense", wide, hidden),
      .output_norm = norm("output.LayerNorm")});
}

// --8<-- [end:bert_parameters]

template <class T>
void BertModel<T>::declare_head() {
  const auto hidden = static_cast<std::size_t>(this->config().hidden_size);
  const std::size_t labels = this->config().labels.size();
  ParameterList<T>& list = this->parameters_;
  const HeadKind head = this->head();
  if (head == HeadKind::kNone || head == HeadKind::kSequenceClassification) {
    pooler_ = list.declare_linear(
        head == HeadKind::kNone ? ModelPart::kBody : ModelPart::kHead,
        "bert.pooler.dense", hidden, hidden);
  }
  if (head == HeadKind::kMaskedLm) {
    const ModelPart part = ModelPart::kHead;
    masked_lm_ = MaskedLmParameters<T>{
        list.declare_linear(part, "cls.predictions.transform.dense", hidden,
                            hidden),
        list.declare_layer_norm(part, "cls.predictions.transform.LayerNorm",
                                hidden),
        word_embeddings_,
        list.declare(part, "cls.predictions.bias",
                     {static_cast<std::size_t>(this->config().vocab_size)},
                     {"cls.predictions.decoder.bias"})};
  }
  if (head == HeadKind::kQuestionAnswering) {
    classifier_ =
        list.declare_linear(ModelPart::kHead, "qa_outputs", hidden, 2);
  }
  if (head == HeadKind::kSequenceClassification ||
      head == HeadKind::kTokenClassification) {
    classifier_ =
        list.declare_linear(ModelPart::kHead, "classifier", hidden, labels);
  }
}

// --8<-- [start:bert_forward]
template <class T>
Variable<T> BertModel<T>::embed(const PackedBatch& batch,
                                const Context<T>& context) const {
  std::optional<std::int32_t> padding;
  if (this->config().pad_token_id) {
    padding = static_cast<std::int32_t>(*this->config().pad_token_id);
  }
  const Variable<T> words =
      embedding(use(context, word_embeddings_), batch.ids, padding);
  const Variable<T> types =
      embedding(use(context, token_type_embeddings_), batch.type_ids);
  const Variable<T> positions =
      embedding(use(context, position_embeddings_), batch.positions);
  return add(add(words, types), positions);
}

template <class T>
Variable<T> BertModel<T>::layer(const Variable<T>& x,
                                std::uint32_t number,
                                const EncoderPass<T>& pass) const {
  return encoder_layer(x, layers_[number], number, pass);
}

template <class T>
std::optional<Variable<T>> BertModel<T>::pool(const Variable<T>& hidden_states,
                                              const PackedBatch& batch,
                                              const Context<T>& context) const {
  if (!pooler_) {
    return std::nullopt;
  }
  return pooler(hidden_states, batch, *pooler_, this->pieces(), context);
}

template <class T>
std::optional<Variable<T>> BertModel<T>::head_logits(
    const ModelOutput<T>& output,
    const PackedBatch& /*batch*/,
    const Context<T>& context) const {
  if (masked_lm_) {
    return masked_lm_logits_of(output.last_hidden_state(), context);
  }
  if (!classifier_) {
    return std::nullopt;
  }
  const Variable<T>& features =
      output.pooler_output ? *output.pooler_output : output.last_hidden_state();
  return apply_linear(this->drop_for_head(features, context), *classifier_,
                      this->pieces(), context);
}

// --8<-- [end:bert_forward]

template <class T>
Variable<T> BertModel<T>::masked_lm_logits_of(const Variable<T>& hidden_states,
                                              const Context<T>& context) const {
  const MaskedLmParameters<T>& head =
      required_value(masked_lm_, "a model without a masked-LM head");
  return masked_lm_logits(hidden_states, head, this->config().layer_norm_eps,
                          this->pieces(), context);
}

template class BertModel<float>;
template class BertModel<double>;

}  // namespace distilbert
