#include "ch02_tokenizer/split_words.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

#include "ch02_tokenizer/character_tables.hpp"

namespace distilbert {

// --8<-- [start:split_words]
std::vector<Span> split_words(std::u32string_view text) {
  std::vector<Span> words;
  std::size_t begin = 0;  // where the word that is being read began
  for (std::size_t i = 0; i < text.size(); ++i) {
    // --8<-- [start:split_words_step]
    const bool punctuation = is(text[i], kPunctuation);
    if (punctuation || is(text[i], kWhitespace)) {
      if (begin < i) {
        words.push_back({begin, i});
      }
      if (punctuation) {
        words.push_back({i, i + 1});
      }
      begin = i + 1;
    }
    // --8<-- [end:split_words_step]
  }
  if (begin < text.size()) {
    words.push_back({begin, text.size()});
  }
  return words;
}

// --8<-- [end:split_words]

}  // namespace distilbert
