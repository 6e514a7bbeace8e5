#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ch02_tokenizer/normalization.hpp"
#include "ch02_tokenizer/piece_index.hpp"
#include "ch02_tokenizer/special_tokens.hpp"
#include "ch02_tokenizer/text_tokens.hpp"

namespace distilbert {

/// All rules of the tokenizer in one pass over the bytes of a text. The result
/// is that of the stages (normalize, split_words, wordpiece), which show how it
/// comes about; a test compares the two.
class FastPath {
 public:
  /// For a vocabulary, whose index is to be given to append_tokens again.
  FastPath(const PieceIndex& index,
           const NormalizerOptions& options,
           std::int32_t unknown_id);

  /// Appends the tokens of a text, special ones included. Returns false, with
  /// some tokens perhaps appended, where the text is one for the stages: it
  /// isn't UTF-8, or marks that stay would change places, or it has more bytes
  /// than offsets can count.
  [[nodiscard]] bool append_tokens(std::string_view text,
                                   const PieceIndex& index,
                                   const SpecialTokens& special_tokens,
                                   TextTokens& tokens) const;

  /// How text is cleaned.
  [[nodiscard]] const NormalizerOptions& options() const { return options_; }

  /// The id of a word without pieces.
  [[nodiscard]] std::int32_t unknown_id() const { return unknown_id_; }

  /// The id of an ASCII punctuation character, which is a word.
  [[nodiscard]] std::int32_t punctuation_id(char c) const {
    return punctuation_ids_[static_cast<unsigned char>(c)];
  }

 private:
  NormalizerOptions options_;
  std::int32_t unknown_id_;
  std::array<std::int32_t, 128> punctuation_ids_{};
};

}  // namespace distilbert
