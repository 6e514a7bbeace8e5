#include <cstdint>
#include <string>

#include "ch02_tokenizer/normalization.hpp"
#include "common/error.hpp"

namespace distilbert {

// --8<-- [start:decompose_hangul]
std::u32string decompose_hangul(char32_t syllable) {
  require(is_hangul_syllable(syllable), "U+{:04X} is no Hangul syllable",
          static_cast<std::uint32_t>(syllable));
  constexpr char32_t kVowels = 21;
  constexpr char32_t kFinals = 28;  // one of them means "no final consonant"
  // --8<-- [start:hangul_letters]
  const char32_t index = syllable - 0xAC00;
  const char32_t first = 0x1100 + index / (kVowels * kFinals);
  const char32_t vowel = 0x1161 + index / kFinals % kVowels;
  const char32_t final = 0x11A7 + index % kFinals;
  // --8<-- [end:hangul_letters]
  return final == 0x11A7 ? std::u32string{first, vowel}
                         : std::u32string{first, vowel, final};
}

// --8<-- [end:decompose_hangul]

}  // namespace distilbert
