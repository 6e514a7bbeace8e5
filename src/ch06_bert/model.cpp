#include "ch06_bert/model.hpp"

#include "ch04_layers/layer_norm.hpp"

namespace distilbert {
namespace {

void check_batch(const PackedBatch& batch, const ModelConfig& config) {
  for (std::size_t s = 0; s < batch.sequences(); ++s) {
    const auto length = static_cast<std::int64_t>(
        batch.sequence_offsets[s + 1] - batch.sequence_offsets[s]);
    if (length > config.max_positions) {
      fail(
          "text {} of the batch has {} tokens, and the model has positions "
          "for {}",
          s + 1, length, config.max_positions);
    }
  }
  for (const std::int32_t id : batch.ids) {
    if (id < 0 || id >= config.vocab_size) {
      fail(
          "token id {} in a model with a vocabulary of {}: does vocab.txt "
          "belong to this model?",
          id, config.vocab_size);
    }
  }
  if (config.kind != ModelKind::kBert) {
    return;  // DistilBERT has no segments
  }
  for (const std::int32_t type : batch.type_ids) {
    if (type < 0 || type >= config.type_vocab_size) {
      fail("segment {} in a model with {} of them", type,
           config.type_vocab_size);
    }
  }
}

// The pass of a last layer whose output is read in the first token of each text.
template <class T>
EncoderPass<T> first_tokens_only(EncoderPass<T> pass) {
  const std::vector<std::size_t>& offsets = pass.layout.sequence_offsets;
  pass.rows_read.emplace(offsets.begin(), offsets.end() - 1);
  return pass;
}

}  // namespace

template <class T>
ModelOutput<T> Model<T>::body(const PackedBatch& batch,
                              const Context<T>& context,
                              HiddenStates hidden_states) const {
  check_batch(batch, config_);
  const EncoderPass<T> pass{
      pieces_,
      context,
      {batch.sequence_offsets, static_cast<std::size_t>(config_.heads)},
      config_.hidden_dropout,
      config_.attention_dropout,
      config_.layer_norm_eps,
      std::nullopt};
  const LayerNormVariables<T> norm =
      norm_variables(embedding_norm(), config_.layer_norm_eps, context);
  const Variable<T> normalized =
      layer_norm(embed(batch, context), norm.gain, norm.bias, norm.eps);
  Variable<T> x =
      dropout(normalized,
              draw_dropout_mask(
                  context, batch.tokens(), columns(normalized.value()),
                  config_.hidden_dropout, RandomPurpose::kEmbeddingDropout, 0));
  ModelOutput<T> output;
  for (std::uint32_t number = 0; number < config_.layers; ++number) {
    if (hidden_states == HiddenStates::kAll) {
      output.hidden_states.push_back(x);
    }
    const bool read_in_part = hidden_states == HiddenStates::kRead &&
                              head_ == HeadKind::kSequenceClassification &&
                              number + 1 == config_.layers;
    x = layer(x, number, read_in_part ? first_tokens_only(pass) : pass);
  }
  output.hidden_states.push_back(x);
  output.pooler_output = pool(x, batch, context);
  return output;
}

template <class T>
ModelOutput<T> Model<T>::forward(const PackedBatch& batch,
                                 const Context<T>& context,
                                 HiddenStates hidden_states) const {
  ModelOutput<T> output = body(batch, context, hidden_states);
  output.logits = head_logits(output, batch, context);
  return output;
}

template <class T>
Variable<T> Model<T>::drop_for_head(const Variable<T>& x,
                                    const Context<T>& context) const {
  return dropout(x,
                 draw_dropout_mask(context, rows(x.value()), columns(x.value()),
                                   head_dropout(config_, head_),
                                   RandomPurpose::kHeadDropout, 0));
}

template class Model<float>;
template class Model<double>;

}  // namespace distilbert
