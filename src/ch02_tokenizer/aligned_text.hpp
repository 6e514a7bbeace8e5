#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace distilbert {

// --8<-- [start:aligned_text]
/// A text on its way through normalisation. Each code point remembers which
/// code point of the original text it stands for, so that a token found in the
/// normalised text can be pointed at in the original one.
///
/// Invariants: both sequences have the same length; origins never decrease.
// --8<-- [start:aligned_fields]
struct AlignedText {
  std::u32string characters;
  std::vector<std::uint32_t> origins;

  // --8<-- [end:aligned_fields]

  /// How many code points there are.
  [[nodiscard]] std::size_t size() const { return characters.size(); }

  /// Makes room for so many code points.
  void reserve(std::size_t count) {
    characters.reserve(count);
    origins.reserve(count);
  }

  /// Appends a code point and where it came from.
  void append(char32_t character, std::uint32_t origin) {
    characters.push_back(character);
    origins.push_back(origin);
  }

  /// Keeps the first `count` code points.
  void shorten(std::size_t count) {
    characters.resize(count);
    origins.resize(count);
  }
};

// --8<-- [end:aligned_text]

}  // namespace distilbert
