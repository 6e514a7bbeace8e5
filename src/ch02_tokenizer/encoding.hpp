#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace distilbert {

/// The code points [begin, end) of a part's own original text; (0, 0) for a
/// token that the template added.
struct Offset {
  std::uint32_t begin;
  std::uint32_t end;

  bool operator==(const Offset&) const = default;
};

/// A text, or a pair of texts, as the model takes it. All sequences but
/// `overflow` have one entry per token.
struct Encoding {
  std::vector<std::int32_t> ids;
  /// 0 for the first part with [CLS] and its [SEP], 1 for the second.
  std::vector<std::int32_t> type_ids;
  std::vector<Offset> offsets;
  /// 1 for the tokens that the template added, also where the text itself holds
  /// "[SEP]" (that one has 0).
  std::vector<std::uint8_t> special_tokens_mask;
  /// Which word of its part a token belongs to; -1 for added tokens.
  std::vector<std::int32_t> word_ids;
  /// 0 for the first part, 1 for the second, -1 for added tokens.
  std::vector<std::int32_t> sequence_ids;
  /// What truncation cut off, in windows, each an encoding like this one.
  std::vector<Encoding> overflow;

  /// How many tokens there are.
  [[nodiscard]] std::size_t size() const { return ids.size(); }

  bool operator==(const Encoding&) const = default;
};

}  // namespace distilbert
