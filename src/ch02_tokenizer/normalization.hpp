#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ch02_tokenizer/aligned_text.hpp"

namespace distilbert {

/// What normalisation does besides cleaning. The defaults are those of
/// bert-base-uncased.
struct NormalizerOptions {
  bool tokenize_chinese_chars = true;
  bool strip_accents = true;
  bool lowercase = true;
};

/// A text whose code points stand for themselves: origins first, first + 1, ...
AlignedText align(std::u32string_view text, std::uint32_t first);

/// Deletes what isn't text (controls, format characters, private use, U+0000,
/// U+FFFD) and turns tab, newline, carriage return and every kind of space into
/// U+0020. Reference behaviour: BertNormalizer's clean_text.
AlignedText clean_text(AlignedText text);

/// Puts a space before and after every ideograph, so that each becomes a word.
/// The spaces have the ideograph's origin. Reference behaviour:
/// BertNormalizer's handle_chinese_chars.
AlignedText isolate_ideographs(AlignedText text);

/// True for the 11,172 syllables of U+AC00 to U+D7A3.
constexpr bool is_hangul_syllable(char32_t c) {
  return c >= 0xAC00 && c <= 0xD7A3;
}

/// The two or three jamo (letters) of a Hangul syllable, in order. The argument
/// must be a Hangul syllable. Unicode Standard, section 3.12.
std::u32string decompose_hangul(char32_t syllable);

/// Decomposes each code point canonically (NFD), puts marks in canonical order
/// and drops the nonspacing ones: "é" becomes "e", a Hangul syllable its jamo.
/// Where marks change places their origins stay as they were, since the
/// reference pairs the reordered text with the original by position.
/// Reference behaviour: BertNormalizer's strip_accents.
AlignedText strip_accents(AlignedText text);

/// The lower case of each code point on its own: no rule looks at the
/// neighbours, so that a final capital sigma becomes U+03C3.
/// Reference behaviour: BertNormalizer's lowercase.
AlignedText lowercase(AlignedText text);

/// All steps in the reference's order: clean_text, isolate_ideographs,
/// strip_accents, lowercase.
AlignedText normalize(AlignedText text, const NormalizerOptions& options);

}  // namespace distilbert
