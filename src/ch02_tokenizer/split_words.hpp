#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace distilbert {

/// The code points [begin, end) of a text.
struct Span {
  std::size_t begin;
  std::size_t end;

  bool operator==(const Span&) const = default;
};

/// The words of a normalised text, in order: whitespace ends a word and
/// disappears, each punctuation character is a word of its own.
/// Reference behaviour: BertPreTokenizer.
std::vector<Span> split_words(std::u32string_view text);

}  // namespace distilbert
