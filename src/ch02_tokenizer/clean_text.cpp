#include <cstddef>

#include "ch02_tokenizer/character_tables.hpp"
#include "ch02_tokenizer/normalization.hpp"

namespace distilbert {

// --8<-- [start:clean_text]
AlignedText clean_text(AlignedText text) {
  // --8<-- [start:clean_text_loop]
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text.characters[i];
    if (!is(c, kRemoved)) {
      text.characters[kept] = is(c, kToSpace) ? U' ' : c;
      text.origins[kept] = text.origins[i];
      ++kept;
    }
  }
  text.shorten(kept);
  // --8<-- [end:clean_text_loop]
  return text;
}

// --8<-- [end:clean_text]

}  // namespace distilbert
