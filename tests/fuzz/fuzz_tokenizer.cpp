// Any bytes at all are given to the tokenizer, the first four as settings. It may
// refuse the text with Error; an encoding must keep the limit, its offsets must
// lie in the text, and its ids must decode.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ch02_tokenizer/tokenizer.hpp"
#include "common/error.hpp"

namespace {

void hold(bool condition) {
  if (!condition) {
    std::abort();
  }
}

distilbert::Tokenizer make_tokenizer(bool lowercase) {
  distilbert::TokenizerOptions options;
  options.lowercase = lowercase;
  return {distilbert::Vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
                                  "a", "##a", "b", "##b", "ab", "##ab", "A",
                                  "##\xcc\x81", "\xe4\xb8\xad", ",", "."}),
          options};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  }
  return count;
}

void check(const distilbert::Tokenizer& tokenizer,
           const distilbert::Encoding& encoding,
           std::size_t code_points) {
  hold(encoding.offsets.size() == encoding.size());
  hold(encoding.type_ids.size() == encoding.size());
  for (const distilbert::Offset& offset : encoding.offsets) {
    hold(offset.begin <= offset.end && offset.end <= code_points);
  }
  static_cast<void>(tokenizer.decode(encoding.ids));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const distilbert::Tokenizer kLower = make_tokenizer(true);
  static const distilbert::Tokenizer kCased = make_tokenizer(false);
  if (size < 4) {
    return 0;
  }
  const distilbert::Tokenizer& tokenizer = data[0] % 2 == 0 ? kLower : kCased;
  distilbert::EncodeOptions options;
  options.truncation.max_length = data[1];
  options.truncation.strategy =
      static_cast<distilbert::TruncationStrategy>(data[2] % 4);
  options.truncation.stride = data[3] % 8;
  const std::string_view text(reinterpret_cast<const char*>(data + 4),
                              size - 4);
  const std::size_t middle = text.size() / 2;
  const std::size_t code_points = count_code_points(text);
  try {
    check(tokenizer, tokenizer.encode(text), code_points);
    const auto pair = tokenizer.encode_pair(text.substr(0, middle),
                                            text.substr(middle), options);
    check(tokenizer, pair, code_points);
    hold(data[2] % 4 == 3 || pair.size() <= data[1]);
  } catch (const distilbert::Error&) {
    // A refusal is a good answer.
  }
  return 0;
}
