#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "ch06_bert/model_config.hpp"
#include "ch06_bert/model_config_keys.hpp"

namespace distilbert {

namespace {

void add_labels(const ModelConfig& config, nlohmann::json& file) {
  // Two labels without names are the default, which isn't written.
  if (config.labels == default_labels(2)) {
    return;
  }
  for (std::size_t i = 0; i < config.labels.size(); ++i) {
    file["id2label"][std::to_string(i)] = config.labels[i];
    file["label2id"][config.labels[i]] = i;
  }
}

void add_settings(const ModelConfig& config, nlohmann::json& file) {
  const auto add = [&config, &file](const auto& setting) {
    const std::string_view name = setting.keys(config.kind).name;
    if (!name.empty()) {
      file[std::string(name)] = config.*setting.member;
    }
  };
  for (const SizeSetting& setting : kSizeSettings) {
    add(setting);
  }
  for (const NumberSetting& setting : kDropoutSettings) {
    add(setting);
  }
}

}  // namespace

std::string model_config_to_json(const ModelConfig& config) {
  nlohmann::json file = nlohmann::json::object();
  for (const auto& [key, value] : config.other_keys) {
    file[key] = nlohmann::json::parse(value);
  }
  const bool is_bert = config.kind == ModelKind::kBert;
  file["model_type"] = is_bert ? "bert" : "distilbert";
  if (config.head) {
    file["architectures"] = {architecture_name(config.kind, *config.head)};
  }
  add_settings(config, file);
  file[std::string(activation_key(config.kind))] = config.activation;
  file["initializer_range"] = config.initializer_range;
  file["pad_token_id"] = nullptr;
  if (config.pad_token_id) {
    file["pad_token_id"] = *config.pad_token_id;
  }
  if (is_bert) {
    file["layer_norm_eps"] = config.layer_norm_eps;
  }
  add_labels(config, file);
  for (const ProblemTypeName& type : kProblemTypes) {
    if (config.problem_type == type.type) {
      file["problem_type"] = type.name;
    }
  }
  // transformers loads weights as the type it finds here; ours are floats.
  file["torch_dtype"] = "float32";
  return file.dump(2) + "\n";
}

}  // namespace distilbert
