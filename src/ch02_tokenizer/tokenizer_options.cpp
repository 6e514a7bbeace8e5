#include "ch02_tokenizer/tokenizer_options.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>  // IWYU pragma: keep
#include <optional>
#include <string>
#include <utility>

#include "ch02_tokenizer/normalization.hpp"
#include "common/error.hpp"
#include "common/json.hpp"

namespace distilbert {
namespace {

using nlohmann::json;

/// Where a value was found, for messages.
struct Place {
  std::string file;
  std::string key;
};

/// The text of a special token, which is a string or an object that holds it.
std::string read_token(const json& value, const Place& place) {
  const bool is_object = value.is_object() && value.contains("content");
  const json& content = is_object ? value["content"] : value;
  if (!content.is_string() || content.get_ref<const std::string&>().empty()) {
    fail(
        "{}: {}: expected a token's text or an object with its content, "
        "found {}",
        place.file, place.key, describe_json(value));
  }
  for (const char* flag : {"lstrip", "rstrip", "single_word", "normalized"}) {
    if (is_object && value.contains(flag) && value[flag] != false) {
      fail("{}: {}: {} isn't supported: expected false, found {}", place.file,
           place.key, flag, describe_json(value[flag]));
    }
  }
  return content.get<std::string>();
}

void read_special_token(const JsonObject& config,
                        const std::string& file,
                        const char* key,
                        std::string& token) {
  if (config.has(key)) {
    token = read_token(config.value(key), {file, key});
  }
}

/// Hub folders write "no limit" as 1e30 (an integer that fits no 64 bits).
std::optional<std::size_t> read_max_length(const JsonObject& config) {
  constexpr double kNoLimit = 1e9;
  if (!config.has("model_max_length") ||
      config.number("model_max_length", 1, 1e300) >= kNoLimit) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(config.number("model_max_length", 1, 1e9));
}

bool is_special_token(const TokenizerOptions& options,
                      const std::string& token) {
  const auto& additional = options.additional_special_tokens;
  return token == options.unk_token || token == options.sep_token ||
         token == options.pad_token || token == options.cls_token ||
         token == options.mask_token ||
         std::find(additional.begin(), additional.end(), token) !=
             additional.end();
}

void read_additional_tokens(const JsonObject& config,
                            const std::string& file,
                            TokenizerOptions& options) {
  const char* key = "additional_special_tokens";
  if (!config.has(key)) {
    return;
  }
  if (!config.value(key).is_array()) {
    config.refuse(key, "a list of tokens");
  }
  for (const json& value : config.value(key)) {
    options.additional_special_tokens.push_back(read_token(value, {file, key}));
  }
}

/// Entries of added_tokens_decoder repeat the special tokens; others would have
/// to be found in the text as well.
void read_added_tokens(const JsonObject& config,
                       const std::string& file,
                       TokenizerOptions& options) {
  const char* key = "added_tokens_decoder";
  if (!config.has(key)) {
    return;
  }
  if (!config.value(key).is_object()) {
    config.refuse(key, "an object");
  }
  for (const auto& [id, value] : config.value(key).items()) {
    std::string token = read_token(value, {file, std::string(key) + "." + id});
    if (!is_special_token(options, token)) {
      options.additional_special_tokens.push_back(std::move(token));
    }
  }
}

}  // namespace

NormalizerOptions TokenizerOptions::normalizer() const {
  return {.tokenize_chinese_chars = tokenize_chinese_chars,
          .strip_accents = strip_accents.value_or(lowercase),
          .lowercase = lowercase};
}

TokenizerOptions read_tokenizer_options(const std::filesystem::path& path) {
  const std::string file = path.string();
  const json value = parse_json_file(path);
  const JsonObject config(value, file);
  TokenizerOptions options;
  if (config.has("do_lower_case")) {
    options.lowercase = config.boolean("do_lower_case");
  }
  if (config.has("strip_accents")) {
    options.strip_accents = config.boolean("strip_accents");
  }
  if (config.has("tokenize_chinese_chars")) {
    options.tokenize_chinese_chars = config.boolean("tokenize_chinese_chars");
  }
  options.model_max_length = read_max_length(config);
  read_special_token(config, file, "unk_token", options.unk_token);
  read_special_token(config, file, "sep_token", options.sep_token);
  read_special_token(config, file, "pad_token", options.pad_token);
  read_special_token(config, file, "cls_token", options.cls_token);
  read_special_token(config, file, "mask_token", options.mask_token);
  read_additional_tokens(config, file, options);
  read_added_tokens(config, file, options);
  return options;
}

}  // namespace distilbert
