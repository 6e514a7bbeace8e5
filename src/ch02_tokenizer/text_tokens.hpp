#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>

#include "ch02_tokenizer/encoding.hpp"

namespace distilbert {

/// A token of a text before truncation and without template: its id, the code
/// points that it stands for, and which word of the text it belongs to.
struct TextToken {
  std::int32_t id;
  Offset offset;
  std::int32_t word;

  bool operator==(const TextToken&) const = default;
};

/// The tokens of one text. They live for one call only, and so their memory may
/// come from the caller's stack; see ShortLivedTokens.
using TextTokens = std::pmr::vector<TextToken>;

/// Tokens whose memory is part of this object as long as they are few: to
/// tokenize a sentence nothing is asked of the heap but what is returned.
class ShortLivedTokens {
 public:
  /// For a text of so many bytes. A long one gets its memory at once, rather
  /// than growing into it; what turns out to be too much is never touched.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written first
  explicit ShortLivedTokens(std::size_t text_bytes) {
    tokens_.reserve(std::max(kReserved, text_bytes / 3));
  }

  ShortLivedTokens(const ShortLivedTokens&) = delete;
  ShortLivedTokens& operator=(const ShortLivedTokens&) = delete;

  /// The tokens, which live as long as this.
  [[nodiscard]] TextTokens& tokens() { return tokens_; }

 private:
  static constexpr std::size_t kReserved = 512;

  alignas(
      TextToken) std::array<std::byte, kReserved * sizeof(TextToken)> stack_;
  std::pmr::monotonic_buffer_resource memory_{stack_.data(), stack_.size()};
  TextTokens tokens_{&memory_};
};

}  // namespace distilbert
