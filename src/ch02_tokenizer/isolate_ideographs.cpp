#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ch02_tokenizer/character_tables.hpp"
#include "ch02_tokenizer/normalization.hpp"

namespace distilbert {

// --8<-- [start:isolate_ideographs]
AlignedText isolate_ideographs(AlignedText text) {
  const auto is_ideograph = [](char32_t c) { return is(c, kIdeograph); };
  const auto ideographs = static_cast<std::size_t>(std::count_if(
      text.characters.begin(), text.characters.end(), is_ideograph));
  if (ideographs == 0) {
    return text;
  }
  AlignedText spaced;
  spaced.reserve(text.size() + 2 * ideographs);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text.characters[i];
    const std::uint32_t origin = text.origins[i];
    if (is_ideograph(c)) {
      spaced.append(U' ', origin);
      spaced.append(c, origin);
      spaced.append(U' ', origin);
    } else {
      spaced.append(c, origin);
    }
  }
  return spaced;
}

// --8<-- [end:isolate_ideographs]

}  // namespace distilbert
