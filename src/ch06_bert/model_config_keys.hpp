#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ch06_bert/model_config.hpp"

namespace distilbert {

/// The names of a setting in config.json.
struct Keys {
  /// Empty where a family doesn't have the setting.
  std::string_view name;
  /// A second name that is read too, and wins where both stand.
  std::string_view alias;
};

/// A setting of ModelConfig and its names in both families.
template <class T>
struct Setting {
  T ModelConfig::* member;
  Keys bert;
  Keys distilbert;

  /// The names it has in one of the families.
  [[nodiscard]] constexpr const Keys& keys(ModelKind kind) const {
    return kind == ModelKind::kBert ? bert : distilbert;
  }
};

using SizeSetting = Setting<std::int64_t>;
using NumberSetting = Setting<double>;

/// The sizes: integers of at least 1. DistilBERT answers to three of BERT's
/// names.
inline constexpr std::array<SizeSetting, 7> kSizeSettings = {{
    {&ModelConfig::vocab_size, {"vocab_size", ""}, {"vocab_size", ""}},
    {&ModelConfig::hidden_size, {"hidden_size", ""}, {"dim", "hidden_size"}},
    {&ModelConfig::layers,
     {"num_hidden_layers", ""},
     {"n_layers", "num_hidden_layers"}},
    {&ModelConfig::heads,
     {"num_attention_heads", ""},
     {"n_heads", "num_attention_heads"}},
    {&ModelConfig::intermediate_size,
     {"intermediate_size", ""},
     {"hidden_dim", ""}},
    {&ModelConfig::max_positions,
     {"max_position_embeddings", ""},
     {"max_position_embeddings", ""}},
    {&ModelConfig::type_vocab_size, {"type_vocab_size", ""}, {"", ""}},
}};

/// The probabilities.
inline constexpr std::array<NumberSetting, 4> kDropoutSettings = {{
    {&ModelConfig::hidden_dropout,
     {"hidden_dropout_prob", ""},
     {"dropout", ""}},
    {&ModelConfig::attention_dropout,
     {"attention_probs_dropout_prob", ""},
     {"attention_dropout", ""}},
    {&ModelConfig::classifier_dropout,
     {"classifier_dropout", ""},
     {"seq_classif_dropout", ""}},
    {&ModelConfig::qa_dropout, {"", ""}, {"qa_dropout", ""}},
}};

inline constexpr std::array<HeadKind, 5> kHeads = {
    HeadKind::kNone, HeadKind::kMaskedLm, HeadKind::kSequenceClassification,
    HeadKind::kTokenClassification, HeadKind::kQuestionAnswering};

/// What config.json calls a problem type.
struct ProblemTypeName {
  ProblemType type;
  std::string_view name;
};

inline constexpr std::array<ProblemTypeName, 3> kProblemTypes = {{
    {ProblemType::kRegression, "regression"},
    {ProblemType::kSingleLabelClassification, "single_label_classification"},
    {ProblemType::kMultiLabelClassification, "multi_label_classification"},
}};

/// The setting of one of the sizes.
const SizeSetting& setting_of(std::int64_t ModelConfig::* size);

/// The activation's key.
std::string_view activation_key(ModelKind kind);

/// True for a key of which ModelConfig holds the value, or which is written
/// anew ("architectures", the weights' type).
bool is_known_key(std::string_view key, ModelKind kind);

}  // namespace distilbert
