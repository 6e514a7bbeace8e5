// Whole texts against the reference: known traps and random strings.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/tokenizer.hpp"

using distilbert::Encoding;
using distilbert::Tokenizer;
using distilbert::TokenizerOptions;
using distilbert::TokenizerPath;
using nlohmann::json;

namespace {

TokenizerOptions options_of(const json& group) {
  TokenizerOptions options;
  options.lowercase = group["lowercase"].get<bool>();
  options.tokenize_chinese_chars = group["tokenize_chinese_chars"].get<bool>();
  if (!group["strip_accents"].is_null()) {
    options.strip_accents = group["strip_accents"].get<bool>();
  }
  return options;
}

void check_row(const Tokenizer& tokenizer, const json& row) {
  const std::string text = row["text"].get<std::string>();
  INFO("text: " << text);
  const Encoding encoding =
      tokenizer.encode(text, {.add_special_tokens = false});
  CHECK(encoding.ids == row["ids"].get<std::vector<std::int32_t>>());
  CHECK(flatten(encoding.offsets) ==
        row["offsets"].get<std::vector<std::uint32_t>>());
  CHECK(encoding.word_ids == row["word_ids"].get<std::vector<std::int32_t>>());
  if (row.contains("tokens")) {
    CHECK(tokenizer.tokens(encoding.ids) ==
          row["tokens"].get<std::vector<std::string>>());
  }
}

/// The same in both ways, or the test fails.
std::vector<std::string> tokens_of(const std::string& text) {
  static const Tokenizer fast = bert_tokenizer();
  static const Tokenizer staged = bert_tokenizer({}, TokenizerPath::kStages);
  const Encoding encoding = fast.encode(text, {.add_special_tokens = false});
  CHECK(staged.encode(text, {.add_special_tokens = false}) == encoding);
  return fast.tokens(encoding.ids);
}

using Tokens = std::vector<std::string>;

}  // namespace

TEST_CASE("texts give the reference's ids, offsets and words") {
  const TokenizerPath path =
      GENERATE(TokenizerPath::kFast, TokenizerPath::kStages);
  const json groups = read_tokenizer_golden("texts.json");
  REQUIRE(groups.size() == 12);
  std::size_t rows = 0;
  for (const json& group : groups) {
    const Tokenizer tokenizer = bert_tokenizer(options_of(group), path);
    for (const json& row : group["rows"]) {
      check_row(tokenizer, row);
      ++rows;
    }
  }
  CHECK(rows > 800);
}

TEST_CASE("empty and blank text is just [CLS] [SEP]") {
  const Tokenizer tokenizer = bert_tokenizer(
      {}, GENERATE(TokenizerPath::kFast, TokenizerPath::kStages));
  const std::vector<std::int32_t> expected = {101, 102};
  CHECK(tokenizer.encode("").ids == expected);
  CHECK(tokenizer.encode(" \t\n").ids == expected);
  CHECK(tokenizer.encode("\u200b\u0301").ids == expected);
}

TEST_CASE("a pair has types 0 and 1 and offsets of each text on its own") {
  const Tokenizer tokenizer = bert_tokenizer(
      {}, GENERATE(TokenizerPath::kFast, TokenizerPath::kStages));
  const Encoding encoding = tokenizer.encode_pair("wÖrld [SEP]", "é a");
  CHECK(encoding.ids ==
        std::vector<std::int32_t>{101, 2088, 102, 102, 1041, 1037, 102});
  CHECK(encoding.type_ids == std::vector<std::int32_t>{0, 0, 0, 0, 1, 1, 1});
  CHECK(flatten(encoding.offsets) ==
        std::vector<std::uint32_t>{0, 0, 0, 5, 6, 11, 0, 0, 0, 1, 2, 3, 0, 0});
  CHECK(encoding.special_tokens_mask ==
        std::vector<std::uint8_t>{1, 0, 0, 1, 0, 0, 1});
  CHECK(encoding.sequence_ids ==
        std::vector<std::int32_t>{-1, 0, 0, -1, 1, 1, -1});
  CHECK(encoding.word_ids == std::vector<std::int32_t>{-1, 0, 1, -1, 0, 1, -1});
  CHECK(encoding.overflow.empty());
}

TEST_CASE("a word of 100 code points is cut, one of 101 is unknown") {
  CHECK(tokens_of(std::string(100, 'a')).size() == 50);
  CHECK(tokens_of(std::string(101, 'a')) == Tokens{"[UNK]"});
}

TEST_CASE("one unknown piece makes the whole word unknown") {
  CHECK(tokens_of("unbe\u0378lievable thing") == Tokens{"[UNK]", "thing"});
}

TEST_CASE("one tokenizer serves several threads") {
  const Tokenizer tokenizer = bert_tokenizer();
  const std::string text = "Unaffordable embeddings, [MASK] caf\u00e9 \ud55c!";
  const std::vector<std::int32_t> expected = tokenizer.encode(text).ids;
  std::vector<int> differences(4);
  std::vector<std::thread> threads;
  for (int& count : differences) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        count += tokenizer.encode(text).ids == expected ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(differences == std::vector<int>(4));
}
