#pragma once

#include "ch06_bert/masked_lm_head.hpp"
#include "ch06_bert/model.hpp"

namespace distilbert {

/// DistilBERT (Sanh et al. 2019), the student, with any of its heads: BERT
/// without segment embeddings, without pooler, and with half the layers.
template <class T>
class DistilBertModel : public Model<T> {
 public:
  /// Declares the parameters; they are loaded or initialised afterwards.
  DistilBertModel(ModelConfig config, HeadKind head);

  [[nodiscard]] Variable<T> masked_lm_logits_of(
      const Variable<T>& hidden_states,
      const Context<T>& context) const override;

 protected:
  [[nodiscard]] Variable<T> embed(const PackedBatch& batch,
                                  const Context<T>& context) const override;

  [[nodiscard]] const LayerNormParameters<T>& embedding_norm() const override {
    return embedding_norm_;
  }

  [[nodiscard]] Variable<T> layer(const Variable<T>& x,
                                  std::uint32_t number,
                                  const EncoderPass<T>& pass) const override;
  [[nodiscard]] std::optional<Variable<T>> pool(
      const Variable<T>& hidden_states,
      const PackedBatch& batch,
      const Context<T>& context) const override;
  [[nodiscard]] std::optional<Variable<T>> head_logits(
      const ModelOutput<T>& output,
      const PackedBatch& batch,
      const Context<T>& context) const override;

 private:
  void declare_layer(std::size_t number);
  void declare_head();

  ParameterPtr<T> word_embeddings_;
  ParameterPtr<T> position_embeddings_;
  LayerNormParameters<T> embedding_norm_;
  std::vector<EncoderLayerParameters<T>> layers_;
  std::optional<MaskedLmParameters<T>> masked_lm_;
  std::optional<LinearParameters<T>> pre_classifier_;
  std::optional<LinearParameters<T>> classifier_;
};

extern template class DistilBertModel<float>;
extern template class DistilBertModel<double>;

}  // namespace distilbert
