#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ch06_bert/encoder_layer.hpp"
#include "ch06_bert/model_config.hpp"
#include "ch06_bert/packed_batch.hpp"

namespace distilbert {

/// Which hidden states a forward pass returns.
enum class HiddenStates : std::uint8_t {
  kAll,   ///< after the embeddings and after each layer
  kLast,  ///< after the last layer
  /// After the last layer, of the tokens that the head reads: with a classifier
  /// of whole texts the first of each, otherwise all. Logits and gradients are
  /// those of kLast, and most of a layer's work isn't done.
  kRead
};

/// What a forward pass computes.
template <class T>
struct ModelOutput {
  /// kAll: layers + 1 of them, [tokens, hidden]. kLast: the last one alone.
  /// kRead: the same, or [sequences, hidden] of the first tokens.
  std::vector<Variable<T>> hidden_states;
  /// [sequences, hidden], where the model has a pooler.
  std::optional<Variable<T>> pooler_output;
  /// Where the model has a head: [sequences, labels] for sequences,
  /// [tokens, labels] for tokens, [tokens, 2] (start, end) for question
  /// answering, [tokens, vocab] for masked language modelling.
  std::optional<Variable<T>> logits;

  /// Of the last layer.
  [[nodiscard]] const Variable<T>& last_hidden_state() const {
    return hidden_states.back();
  }
};

/// A body with its head. The same object serves inference and training: what
/// differs is in the Context of each call. forward() may be called from several
/// threads at once, each with its own tape.
template <class T>
class Model {
 public:
  /// A model of the fast pieces; the classes derived from it declare their
  /// parameters.
  Model(ModelConfig config, HeadKind head)
      : config_(std::move(config)), head_(head), pieces_(fused_pieces<T>()) {}

  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  virtual ~Model() = default;

  /// The sizes and settings it was built with.
  [[nodiscard]] const ModelConfig& config() const { return config_; }

  /// The head on its body; kNone for the body alone.
  [[nodiscard]] HeadKind head() const { return head_; }

  /// All parameters in the order of the layers, tied ones once.
  [[nodiscard]] const ParameterList<T>& parameters() const {
    return parameters_;
  }

  /// The operations it is built from, to look at or to exchange.
  Pieces<T>& pieces() { return pieces_; }

  /// The operations it is built from.
  [[nodiscard]] const Pieces<T>& pieces() const { return pieces_; }

  /// Embeddings and encoder layers, and the pooler where there is one. Throws
  /// Error for a text longer than the model's positions and for ids outside its
  /// vocabulary.
  [[nodiscard]] ModelOutput<T> body(const PackedBatch& batch,
                                    const Context<T>& context,
                                    HiddenStates hidden_states) const;

  /// body() and the head's logits.
  [[nodiscard]] ModelOutput<T> forward(
      const PackedBatch& batch,
      const Context<T>& context = {},
      HiddenStates hidden_states = HiddenStates::kLast) const;

  /// The masked language model's logits [rows, vocab] for some rows of hidden
  /// states [rows, hidden] alone. Throws std::logic_error without such a head.
  [[nodiscard]] virtual Variable<T> masked_lm_logits_of(
      const Variable<T>& hidden_states, const Context<T>& context) const = 0;

 protected:
  /// The sum of a token's embeddings [tokens, hidden], before layer norm.
  [[nodiscard]] virtual Variable<T> embed(const PackedBatch& batch,
                                          const Context<T>& context) const = 0;
  /// The layer normalisation that follows the embeddings.
  [[nodiscard]] virtual const LayerNormParameters<T>& embedding_norm()
      const = 0;
  /// Encoder layer `number`, from 0: x [tokens, hidden] to the same shape.
  [[nodiscard]] virtual Variable<T> layer(const Variable<T>& x,
                                          std::uint32_t number,
                                          const EncoderPass<T>& pass) const = 0;
  /// The pooler's output [sequences, hidden] for the last hidden states
  /// [tokens, hidden]; nothing where the model has no pooler.
  [[nodiscard]] virtual std::optional<Variable<T>> pool(
      const Variable<T>& hidden_states,
      const PackedBatch& batch,
      const Context<T>& context) const = 0;
  /// The logits as in ModelOutput; nothing where the model has no head.
  [[nodiscard]] virtual std::optional<Variable<T>> head_logits(
      const ModelOutput<T>& output,
      const PackedBatch& batch,
      const Context<T>& context) const = 0;

  /// x with the dropout that the reference puts before a head's last layer.
  [[nodiscard]] Variable<T> drop_for_head(const Variable<T>& x,
                                          const Context<T>& context) const;

  ParameterList<T> parameters_;

 private:
  ModelConfig config_;
  HeadKind head_;
  Pieces<T> pieces_;
};

extern template class Model<float>;
extern template class Model<double>;

}  // namespace distilbert
