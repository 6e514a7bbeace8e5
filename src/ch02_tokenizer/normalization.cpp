#include "ch02_tokenizer/normalization.hpp"

#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>

namespace distilbert {

AlignedText align(std::u32string_view text, std::uint32_t first) {
  AlignedText aligned;
  aligned.characters = text;
  aligned.origins.resize(text.size());
  std::iota(aligned.origins.begin(), aligned.origins.end(), first);
  return aligned;
}

// --8<-- [start:normalize]
AlignedText normalize(AlignedText text, const NormalizerOptions& options) {
  text = clean_text(std::move(text));
  if (options.tokenize_chinese_chars) {
    text = isolate_ideographs(std::move(text));
  }
  if (options.strip_accents) {
    text = strip_accents(std::move(text));
  }
  if (options.lowercase) {
    text = lowercase(std::move(text));
  }
  return text;
}

// --8<-- [end:normalize]

}  // namespace distilbert
