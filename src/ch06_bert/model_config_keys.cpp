#include "ch06_bert/model_config_keys.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "ch06_bert/model_config.hpp"

namespace distilbert {

// DistilBERT answers to three of BERT's names, and they win where both stand.
const std::array<SizeSetting, 7> kSizeSettings = {{
    {&ModelConfig::vocab_size, {"vocab_size"}, {"vocab_size"}},
    {&ModelConfig::hidden_size, {"hidden_size"}, {"hidden_size", "dim"}},
    {&ModelConfig::layers,
     {"num_hidden_layers"},
     {"num_hidden_layers", "n_layers"}},
    {&ModelConfig::heads,
     {"num_attention_heads"},
     {"num_attention_heads", "n_heads"}},
    {&ModelConfig::intermediate_size, {"intermediate_size"}, {"hidden_dim"}},
    {&ModelConfig::max_positions,
     {"max_position_embeddings"},
     {"max_position_embeddings"}},
    {&ModelConfig::type_vocab_size, {"type_vocab_size"}, {}},
}};

const std::array<NumberSetting, 4> kDropoutSettings = {{
    {&ModelConfig::hidden_dropout, {"hidden_dropout_prob"}, {"dropout"}},
    {&ModelConfig::attention_dropout,
     {"attention_probs_dropout_prob"},
     {"attention_dropout"}},
    {&ModelConfig::classifier_dropout,
     {"classifier_dropout"},
     {"seq_classif_dropout"}},
    {&ModelConfig::qa_dropout, {}, {"qa_dropout"}},
}};

const SizeSetting& setting_of(std::int64_t ModelConfig::* size) {
  return *std::find_if(
      kSizeSettings.begin(), kSizeSettings.end(),
      [size](const SizeSetting& setting) { return setting.member == size; });
}

std::string_view activation_key(ModelKind kind) {
  return kind == ModelKind::kBert ? "hidden_act" : "activation";
}

bool is_known_key(std::string_view key, ModelKind kind) {
  constexpr std::array<std::string_view, 10> kOthers = {
      "model_type",  "architectures", "pad_token_id", "initializer_range",
      "id2label",    "label2id",      "num_labels",   "problem_type",
      "torch_dtype", "dtype"};
  const auto names_it = [key, kind](const auto& setting) {
    const Keys& keys = setting.keys(kind);
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  return std::find(kOthers.begin(), kOthers.end(), key) != kOthers.end() ||
         key == activation_key(kind) ||
         (key == "layer_norm_eps" && kind == ModelKind::kBert) ||
         std::any_of(kSizeSettings.begin(), kSizeSettings.end(), names_it) ||
         std::any_of(kDropoutSettings.begin(), kDropoutSettings.end(),
                     names_it);
}

}  // namespace distilbert
