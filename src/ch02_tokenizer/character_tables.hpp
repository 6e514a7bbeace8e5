#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace distilbert {

/// Properties of a code point as the reference (tokenizers 0.23.3) has them;
/// see data/unicode. The bits of `character_classes`.
enum CharacterClass : std::uint8_t {
  kRemoved = 1U << 0U,         ///< deleted by cleaning
  kToSpace = 1U << 1U,         ///< turned into a space by cleaning
  kIdeograph = 1U << 2U,       ///< gets a space on either side
  kNonspacingMark = 1U << 3U,  ///< dropped by accent stripping
  kWhitespace = 1U << 4U,      ///< ends a word and disappears
  kPunctuation = 1U << 5U,     ///< a word of its own
  kUnchanged = 1U << 6U,       ///< part of a word, and no rule changes it
};

/// The tables behind the functions below, written by the build from
/// data/unicode. Code points are cut into pages of 256, most pages are alike,
/// and each different one is stored once: `page_of[c / 256]` says which.
namespace tables {

inline constexpr std::size_t kPageSize = 256;
inline constexpr std::size_t kPageCount = 0x110000 / kPageSize;

/// A canonical decomposition: `size` code points, none where there is no entry.
struct Decomposition {
  std::uint32_t size;
  char32_t characters[4];
};

extern const std::uint8_t class_page_of[kPageCount];
extern const std::uint8_t class_pages[][kPageSize];
extern const std::uint8_t combining_page_of[kPageCount];
extern const std::uint8_t combining_pages[][kPageSize];
extern const std::uint8_t lowercase_page_of[kPageCount];
extern const std::int32_t lowercase_pages[][kPageSize];
extern const std::uint8_t decomposition_page_of[kPageCount];
extern const std::uint16_t decomposition_pages[][kPageSize];
extern const Decomposition decompositions[];

}  // namespace tables

/// All classes of a code point (at most U+10FFFF), as bits.
inline std::uint8_t character_classes(char32_t c) {
  return tables::class_pages[tables::class_page_of[c / tables::kPageSize]]
                            [c % tables::kPageSize];
}

/// True where a code point has a class.
inline bool is(char32_t c, CharacterClass wanted) {
  return (character_classes(c) & wanted) != 0;
}

/// The canonical combining class: 0 for a base character, else where a mark
/// sits (220 below, 230 above, ...).
inline std::uint8_t combining_class(char32_t c) {
  return tables::combining_pages
      [tables::combining_page_of[c / tables::kPageSize]][c % tables::kPageSize];
}

/// The lower case of a code point on its own, or itself. U+0130 has two code
/// points there, of which this is the first (the other is U+0307).
inline char32_t simple_lowercase(char32_t c) {
  const std::int32_t difference =
      tables::lowercase_pages[tables::lowercase_page_of[c / tables::kPageSize]]
                             [c % tables::kPageSize];
  return static_cast<char32_t>(static_cast<std::int32_t>(c) + difference);
}

/// The full canonical decomposition of a code point that is no Hangul
/// syllable; empty where it has none.
inline std::u32string_view decomposition(char32_t c) {
  const tables::Decomposition& entry = tables::decompositions
      [tables::decomposition_pages
           [tables::decomposition_page_of[c / tables::kPageSize]]
           [c % tables::kPageSize]];
  return {entry.characters, entry.size};
}

}  // namespace distilbert
