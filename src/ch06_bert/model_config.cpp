#include "ch06_bert/model_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ch06_bert/model_config_keys.hpp"
#include "common/json.hpp"

namespace distilbert {

namespace {

constexpr std::int64_t kLargest = 2147483647;
constexpr std::int64_t kMostLayers = 1024;
constexpr std::int64_t kMostLabels = 1'000'000;

ModelKind parse_kind(const JsonObject& file) {
  const std::string type = file.text("model_type");
  if (type == "bert") {
    return ModelKind::kBert;
  }
  if (type == "distilbert") {
    return ModelKind::kDistilBert;
  }
  file.refuse("model_type", "\"bert\" or \"distilbert\"");
}

std::optional<HeadKind> parse_head(const JsonObject& file, ModelKind kind) {
  const nlohmann::json& names = file.value("architectures");
  if (names.is_null() || (names.is_array() && names.empty())) {
    return std::nullopt;
  }
  std::string known;
  for (const HeadKind head : kHeads) {
    const std::string name = architecture_name(kind, head);
    if (names.is_array() && names[0] == name) {
      return head;
    }
    known += (known.empty() ? "" : ", ") + name;
  }
  // Its second head, for sentence order, isn't used after pre-training.
  if (names.is_array() && names[0] == "BertForPreTraining" &&
      kind == ModelKind::kBert) {
    return HeadKind::kMaskedLm;
  }
  file.refuse("architectures", "one of " + known);
}

// The first of a setting's keys that the file has, or nothing.
std::optional<std::string_view> key_in_file(const JsonObject& file,
                                            const Keys& keys) {
  for (const std::string_view key : {keys.alias, keys.name}) {
    if (!key.empty() && file.has(key)) {
      return key;
    }
  }
  return std::nullopt;
}

void read_sizes(const JsonObject& file, ModelConfig& config) {
  for (const SizeSetting& setting : kSizeSettings) {
    const bool is_layers = setting.member == &ModelConfig::layers;
    if (const auto key = key_in_file(file, setting.keys(config.kind))) {
      config.*setting.member =
          file.integer(*key, 1, is_layers ? kMostLayers : kLargest);
    }
  }
}

void check_heads(const JsonObject& file, const ModelConfig& config) {
  if (config.hidden_size % config.heads == 0) {
    return;
  }
  const Keys keys = setting_of(&ModelConfig::heads).keys(config.kind);
  if (const auto key = key_in_file(file, keys)) {
    file.refuse(*key, fmt::format("a divisor of the hidden size {}",
                                  config.hidden_size));
  }
  const Keys widths = setting_of(&ModelConfig::hidden_size).keys(config.kind);
  file.refuse(key_in_file(file, widths).value_or(widths.name),
              fmt::format("a multiple of the {} heads", config.heads));
}

double probability(const JsonObject& file, std::string_view key) {
  const double value = file.number(key, 0, 1);
  if (value == 1) {
    file.refuse(key, "a probability below 1");
  }
  return value;
}

void read_dropouts(const JsonObject& file, ModelConfig& config) {
  for (const NumberSetting& setting : kDropoutSettings) {
    if (const auto key = key_in_file(file, setting.keys(config.kind))) {
      config.*setting.member = probability(file, *key);
    }
  }
  if (config.kind == ModelKind::kBert && !file.has("classifier_dropout")) {
    config.classifier_dropout = config.hidden_dropout;
  }
}

void read_numbers(const JsonObject& file, ModelConfig& config) {
  constexpr double kSmallestEps = 1e-30;
  if (config.kind == ModelKind::kBert && file.has("layer_norm_eps")) {
    config.layer_norm_eps = file.number("layer_norm_eps", kSmallestEps, 1);
  }
  if (file.has("initializer_range")) {
    config.initializer_range = file.number("initializer_range", 0, 1);
  }
  // null is a choice here, not an omission: no token stands for padding.
  if (file.has("pad_token_id")) {
    config.pad_token_id =
        file.integer("pad_token_id", 0, config.vocab_size - 1);
  } else if (file.contains("pad_token_id")) {
    config.pad_token_id.reset();
  }
}

void read_names_of_labels(const JsonObject& file, ModelConfig& config) {
  const nlohmann::json& names = file.value("id2label");
  if (!names.is_object() || names.empty() || names.size() > kMostLabels) {
    file.refuse("id2label", "an object with a name for each label");
  }
  config.labels.clear();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto name = names.find(std::to_string(i));
    if (name == names.end() || name->is_structured()) {
      file.refuse("id2label", fmt::format("a name for each label from 0 to {}",
                                          names.size() - 1));
    }
    config.labels.push_back(name->is_string() ? name->get<std::string>()
                                              : name->dump());
  }
}

void read_labels(const JsonObject& file, ModelConfig& config) {
  if (file.has("id2label")) {
    read_names_of_labels(file, config);
  }
  if (file.has("num_labels")) {
    // The reference lets the number win, and forgets the names.
    const auto count = file.integer("num_labels", 1, kMostLabels);
    if (static_cast<std::size_t>(count) != config.labels.size()) {
      config.labels = default_labels(count);
    }
  }
}

void read_problem_type(const JsonObject& file, ModelConfig& config) {
  if (!file.has("problem_type")) {
    return;
  }
  const std::string name = file.text("problem_type");
  const auto* found =
      std::find_if(kProblemTypes.begin(), kProblemTypes.end(),
                   [&name](const auto& type) { return type.name == name; });
  if (found == kProblemTypes.end()) {
    file.refuse("problem_type",
                "\"regression\", \"single_label_classification\" or "
                "\"multi_label_classification\"");
  }
  config.problem_type = found->type;
}

void refuse_what_is_not_supported(const JsonObject& file,
                                  const ModelConfig& config) {
  for (const char* key : {"is_decoder", "add_cross_attention"}) {
    if (file.has(key) && file.boolean(key)) {
      file.refuse(key, "false (an encoder)");
    }
  }
  if (file.has("position_embedding_type") &&
      file.text("position_embedding_type") != "absolute") {
    file.refuse("position_embedding_type", "\"absolute\"");
  }
  for (const char* key : {"tie_word_embeddings", "tie_weights_"}) {
    if (config.head == HeadKind::kMaskedLm && file.has(key) &&
        !file.boolean(key)) {
      file.refuse(key, "true (a masked language model with tied weights)");
    }
  }
  const std::string_view activation = activation_key(config.kind);
  if (file.has(activation) && file.text(activation) != "gelu") {
    file.refuse(activation, "\"gelu\", the only activation supported");
  }
}

}  // namespace

ModelConfig default_model_config(ModelKind kind) {
  ModelConfig config;
  config.kind = kind;
  if (kind == ModelKind::kDistilBert) {
    config.layers = 6;
    config.type_vocab_size = 0;
    config.classifier_dropout = 0.2;
  }
  return config;
}

ModelConfig parse_model_config(std::string_view text, const std::string& name) {
  const nlohmann::json value = parse_json(text, name);
  const JsonObject file(value, name);
  ModelConfig config = default_model_config(parse_kind(file));
  config.head = parse_head(file, config.kind);
  read_sizes(file, config);
  check_heads(file, config);
  read_dropouts(file, config);
  read_numbers(file, config);
  read_labels(file, config);
  read_problem_type(file, config);
  refuse_what_is_not_supported(file, config);
  for (const auto& [key, found] : value.items()) {
    if (!is_known_key(key, config.kind)) {
      config.other_keys[key] = found.dump();
    }
  }
  return config;
}

std::string architecture_name(ModelKind kind, HeadKind head) {
  const std::string family = kind == ModelKind::kBert ? "Bert" : "DistilBert";
  switch (head) {
    case HeadKind::kNone:
      return family + "Model";
    case HeadKind::kMaskedLm:
      return family + "ForMaskedLM";
    case HeadKind::kSequenceClassification:
      return family + "ForSequenceClassification";
    case HeadKind::kTokenClassification:
      return family + "ForTokenClassification";
    case HeadKind::kQuestionAnswering:
      return family + "ForQuestionAnswering";
  }
  throw std::logic_error("architecture_name: no such head");
}

double head_dropout(const ModelConfig& config, HeadKind head) {
  const bool is_bert = config.kind == ModelKind::kBert;
  switch (head) {
    case HeadKind::kNone:
    case HeadKind::kMaskedLm:
      return 0;
    case HeadKind::kSequenceClassification:
      return config.classifier_dropout;
    case HeadKind::kTokenClassification:
      return is_bert ? config.classifier_dropout : config.hidden_dropout;
    case HeadKind::kQuestionAnswering:
      return is_bert ? 0 : config.qa_dropout;
  }
  throw std::logic_error("head_dropout: no such head");
}

std::vector<std::string> default_labels(std::int64_t count) {
  std::vector<std::string> labels;
  labels.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    labels.push_back(fmt::format("LABEL_{}", i));
  }
  return labels;
}

}  // namespace distilbert
