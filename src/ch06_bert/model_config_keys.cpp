#include "ch06_bert/model_config_keys.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "ch06_bert/model_config.hpp"

namespace distilbert {

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
    return key == keys.name || key == keys.alias;
  };
  return std::find(kOthers.begin(), kOthers.end(), key) != kOthers.end() ||
         key == activation_key(kind) ||
         (key == "layer_norm_eps" && kind == ModelKind::kBert) ||
         std::any_of(kSizeSettings.begin(), kSizeSettings.end(), names_it) ||
         std::any_of(kDropoutSettings.begin(), kDropoutSettings.end(),
                     names_it);
}

}  // namespace distilbert
