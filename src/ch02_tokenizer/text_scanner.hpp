#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ch02_tokenizer/byte_kind.hpp"
#include "ch02_tokenizer/fast_path.hpp"
#include "ch02_tokenizer/piece_index.hpp"
#include "ch02_tokenizer/text_tokens.hpp"
#include "ch02_tokenizer/word_buffer.hpp"

namespace distilbert {

/// Walks over one text and appends its tokens; the work of FastPath. Used for
/// one text, it keeps pointers to what it is given.
class TextScanner {
 public:
  /// `tokens` is what it appends to; nothing is copied.
  TextScanner(std::string_view text,
              const FastPath& settings,
              const PieceIndex& index,
              TextTokens& tokens)
      : text_(text),
        settings_(settings),
        letters_(settings.options().lowercase ? kSmallLetters : kLetters),
        index_(index),
        tokens_(tokens) {}

  /// Appends the tokens of the bytes up to `end`, which hold no special token.
  /// False: see FastPath::append_tokens.
  [[nodiscard]] bool read_until(std::size_t end);

  /// Appends a special token, whose text ends at the byte `end`.
  void read_special(std::int32_t id, std::size_t end);

 private:
  /// The marks since the last character of combining class 0.
  enum class Marks { kNone, kDropped, kKept };

  /// How many code points stand before the byte to be read.
  [[nodiscard]] std::uint32_t position() const {
    return static_cast<std::uint32_t>(next_ - continuation_bytes_);
  }

  /// Appends a word that is one token.
  void append_word(std::int32_t id, std::uint32_t begin, std::uint32_t end) {
    tokens_.push_back({id, {begin, end}, word_number_++});
  }

  [[nodiscard]] std::uint32_t next_four() const;
  [[nodiscard]] bool read_word();
  [[nodiscard]] bool read_mixed_word();
  [[nodiscard]] bool read_character();
  [[nodiscard]] bool take_changed(char32_t c,
                                  std::uint8_t classes,
                                  std::uint32_t origin);
  [[nodiscard]] bool take_decomposed(char32_t c, std::uint32_t origin);
  [[nodiscard]] bool take_unit(char32_t c, std::uint32_t origin);
  void take_in_lower_case(char32_t c, std::uint32_t origin);
  void take_normalized(char32_t c, std::uint32_t origin);
  void end_word();
  template <class Origin>
  void cut(const char* bytes, std::size_t size, Origin origin);

  std::string_view text_;
  const FastPath& settings_;
  const ByteTable<char>& letters_;
  const PieceIndex& index_;
  TextTokens& tokens_;

  std::size_t next_ = 0;  // the byte to be read
  std::size_t end_ = 0;   // where the stretch of ordinary text ends
  // How many of the bytes read were no code point's first.
  std::size_t continuation_bytes_ = 0;
  std::int32_t word_number_ = 0;
  Marks marks_ = Marks::kNone;
  // The ASCII word that is being read, and one letter more of a longer one.
  std::array<char, kMaximumWordLength + 1 + PieceIndex::kPadding> ascii_{};
  WordBuffer word_;
};

}  // namespace distilbert
