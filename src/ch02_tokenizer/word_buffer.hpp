#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ch02_tokenizer/packed_utf8.hpp"
#include "ch02_tokenizer/piece_index.hpp"
#include "ch02_tokenizer/wordpiece.hpp"

namespace distilbert {

/// The normalised word that the fast path is reading: its UTF-8 bytes, and for
/// each byte the code point of the text that it came from. It has room for the
/// longest word that may be cut; of a longer one, which will be unknown, only
/// the span is known.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written first
class WordBuffer {
 public:
  /// Forgets the word.
  void clear() {
    size_ = 0;
    code_points_ = 0;
  }

  /// True where nothing was appended.
  [[nodiscard]] bool empty() const { return code_points_ == 0; }

  /// True where the word has more code points than a word may have.
  [[nodiscard]] bool too_long() const {
    return code_points_ > kMaximumWordLength;
  }

  /// Appends a code point that came from the code point `origin` of the text.
  void append(const PackedCharacter& character, std::uint32_t origin) {
    ++code_points_;
    last_origin_ = origin;
    if (code_points_ == 1) {
      first_origin_ = origin;
    }
    if (!too_long()) {
      // Always four bytes: what is too much will be overwritten.
      std::memcpy(&bytes_[size_], &character.bytes, kMaximumSize);
      std::fill_n(&origins_[size_], kMaximumSize, origin);
      size_ += character.size;
    }
  }

  /// The bytes; PieceIndex::kPadding more may be read. The word must not be too
  /// long, nor in origin().
  [[nodiscard]] const char* bytes() const { return bytes_.data(); }

  /// How many bytes there are.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Which code point of the text a byte came from.
  [[nodiscard]] std::uint32_t origin(std::size_t byte) const {
    return origins_[byte];
  }

  /// Which code point of the text the word's first came from.
  [[nodiscard]] std::uint32_t first_origin() const { return first_origin_; }

  /// Which code point of the text the word's last came from.
  [[nodiscard]] std::uint32_t last_origin() const { return last_origin_; }

 private:
  static constexpr std::size_t kMaximumSize = 4;
  static constexpr std::size_t kCapacity = kMaximumWordLength * kMaximumSize;

  std::array<char, kCapacity + PieceIndex::kPadding> bytes_{};
  std::array<std::uint32_t, kCapacity + kMaximumSize> origins_;
  std::size_t size_ = 0;
  std::size_t code_points_ = 0;
  std::uint32_t first_origin_ = 0;
  std::uint32_t last_origin_ = 0;
};

}  // namespace distilbert
