#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ch02_tokenizer/character_tables.hpp"
#include "ch02_tokenizer/normalization.hpp"

namespace distilbert {
namespace {

/// A code point of the decomposed text.
struct Unit {
  char32_t character;
  std::uint8_t combining_class;
  bool starts;  ///< the first one that its original was decomposed into
};

// --8<-- [start:decompose]
void append_units(std::u32string_view characters, std::vector<Unit>& units) {
  bool starts = true;
  for (const char32_t c : characters) {
    units.push_back({c, combining_class(c), starts});
    starts = false;
  }
}

std::vector<Unit> decompose(std::u32string_view text) {
  std::vector<Unit> units;
  units.reserve(text.size() + text.size() / 2);
  for (const char32_t c : text) {
    if (is_hangul_syllable(c)) {
      append_units(decompose_hangul(c), units);
    } else {
      const std::u32string_view parts = decomposition(c);
      append_units(parts.empty() ? std::u32string_view(&c, 1) : parts, units);
    }
  }
  return units;
}

// --8<-- [end:decompose]

// --8<-- [start:canonical_order]
/// Sorts every run of marks (class above 0) by class; marks of one class keep
/// their order, since they stack.
void put_in_canonical_order(std::vector<Unit>& units) {
  const auto is_mark = [](const Unit& u) { return u.combining_class != 0; };
  auto begin = units.begin();
  // --8<-- [start:sort_marks]
  while (begin != units.end()) {
    begin = std::find_if(begin, units.end(), is_mark);
    const auto end = std::find_if_not(begin, units.end(), is_mark);
    std::stable_sort(begin, end, [](const Unit& a, const Unit& b) {
      return a.combining_class < b.combining_class;
    });
    begin = end;
  }
  // --8<-- [end:sort_marks]
}

// --8<-- [end:canonical_order]

/// No code point below U+00C0 decomposes, combines or is a mark.
bool has_no_accents(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char32_t c) { return c < 0xC0; });
}

}  // namespace

// --8<-- [start:strip_accents]
AlignedText strip_accents(AlignedText text) {
  if (has_no_accents(text.characters)) {
    return text;
  }
  std::vector<Unit> units = decompose(text.characters);
  put_in_canonical_order(units);
  AlignedText stripped;
  stripped.reserve(units.size());
  // --8<-- [start:drop_marks]
  std::size_t originals = 0;  // how many originals have started so far
  for (const Unit& unit : units) {
    originals += unit.starts ? 1 : 0;
    if (!is(unit.character, kNonspacingMark)) {
      stripped.append(unit.character, text.origins[originals - 1]);
    }
  }
  // --8<-- [end:drop_marks]
  return stripped;
}

// --8<-- [end:strip_accents]

}  // namespace distilbert
