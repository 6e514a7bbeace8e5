#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ch02_tokenizer/normalization.hpp"

namespace distilbert {

/// What a model folder says about its tokenizer, with the reference's defaults.
struct TokenizerOptions {
  bool lowercase = true;
  /// None: as `lowercase`.
  std::optional<bool> strip_accents = std::nullopt;
  bool tokenize_chinese_chars = true;
  /// The most tokens that the model takes, if the folder says so.
  std::optional<std::size_t> model_max_length = std::nullopt;
  std::string unk_token = "[UNK]";
  std::string sep_token = "[SEP]";
  std::string pad_token = "[PAD]";
  std::string cls_token = "[CLS]";
  std::string mask_token = "[MASK]";
  /// Further tokens that are found in raw text; the vocabulary must have them.
  std::vector<std::string> additional_special_tokens;

  /// What the normaliser is to do.
  [[nodiscard]] NormalizerOptions normalizer() const;
};

/// Reads `tokenizer_config.json`: do_lower_case, strip_accents,
/// tokenize_chinese_chars, model_max_length, the special tokens and
/// additional_special_tokens. Other keys are ignored, as are null values.
/// Throws Error, which names file and key, where a value has the wrong type or
/// an added token asks for what isn't supported (lstrip, rstrip, single_word,
/// normalized, or one that is no special token).
TokenizerOptions read_tokenizer_options(const std::filesystem::path& path);

}  // namespace distilbert
