#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ch02_tokenizer/split_words.hpp"

namespace distilbert {

/// Which part of a pair gives way where both together are too long.
enum class TruncationStrategy {
  kLongestFirst,
  kOnlyFirst,
  kOnlySecond,
  kDoNotTruncate,
};

/// Which end is cut off.
enum class TruncationDirection { kRight, kLeft };

/// How long an encoding may become.
struct Truncation {
  /// In tokens, [CLS] and [SEP] included; none: no limit.
  std::optional<std::size_t> max_length = std::nullopt;
  TruncationStrategy strategy = TruncationStrategy::kLongestFirst;
  TruncationDirection direction = TruncationDirection::kRight;
  /// How many tokens an overflow window shares with the one before it.
  std::size_t stride = 0;
};

/// Two parts' lengths in tokens, special tokens not counted.
struct PartLengths {
  std::size_t first;
  std::size_t second;

  bool operator==(const PartLengths&) const = default;
};

/// What longest_first leaves of two parts that are together longer than
/// `budget`: the shorter one stays whole if it takes at most half of the
/// budget; otherwise each gets half. Where the budget is odd the longer one, or
/// on a tie the second, gets the extra token. Reference behaviour: tokenizers
/// 0.23.3 (Google's BERT gives the extra token to the first).
PartLengths truncate_longest_first(PartLengths lengths, std::size_t budget);

/// What a strategy leaves of a text (`second` is then 0) or a pair within
/// `budget` tokens. Throws Error where only_first or only_second would have to
/// cut its part away completely, or only_second gets no pair.
PartLengths truncated_lengths(PartLengths lengths,
                              bool is_pair,
                              std::size_t budget,
                              TruncationStrategy strategy);

/// The windows of at most `max_length` tokens that cover `length` tokens, the
/// one to keep first, each sharing `stride` tokens with the one before. Where
/// max_length is 0, an empty window and then the whole. Throws Error where
/// something has to be cut and stride isn't less than max_length.
std::vector<Span> windows(std::size_t length,
                          std::size_t max_length,
                          std::size_t stride,
                          TruncationDirection direction);

}  // namespace distilbert
