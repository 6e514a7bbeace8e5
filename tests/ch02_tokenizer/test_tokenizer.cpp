#include "catch.hpp"
#include "ch02_tokenizer/tokenizer.hpp"

#include <string>
#include <vector>

using distilbert::Tokenizer;
using distilbert::TokenizerOptions;
using distilbert::Vocabulary;

TEST_CASE("empty text is just [CLS] [SEP]") {
  const Tokenizer tokenizer(
      Vocabulary::from_file(DISTILBERT_SOURCE_DIR
                            "/data/bert-base-uncased-vocab.txt"),
      TokenizerOptions{});
  CHECK(tokenizer.encode("").ids == std::vector<std::int32_t>{101, 102});
  CHECK(tokenizer.encode("Hello, wÖrld!").ids ==
        std::vector<std::int32_t>{101, 7592, 1010, 2088, 999, 102});
}
