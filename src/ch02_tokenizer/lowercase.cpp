#include <cstddef>
#include <string>

#include "ch02_tokenizer/character_tables.hpp"
#include "ch02_tokenizer/normalization.hpp"

namespace distilbert {
namespace {

/// The one code point whose lower case has two: "İ" becomes "i" and a dot.
constexpr char32_t kDottedCapitalI = 0x0130;
constexpr char32_t kDotAbove = 0x0307;

AlignedText split_dotted_capitals(const AlignedText& text) {
  AlignedText split;
  split.reserve(text.size() + text.size() / 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text.characters[i];
    split.append(c, text.origins[i]);
    if (c == kDottedCapitalI) {
      split.append(kDotAbove, text.origins[i]);
    }
  }
  return split;
}

}  // namespace

// --8<-- [start:lowercase]
AlignedText lowercase(AlignedText text) {
  if (text.characters.find(kDottedCapitalI) != std::u32string::npos) {
    text = split_dotted_capitals(text);
  }
  for (char32_t& c : text.characters) {
    c = simple_lowercase(c);
  }
  return text;
}

// --8<-- [end:lowercase]

}  // namespace distilbert
