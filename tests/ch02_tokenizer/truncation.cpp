#include "ch02_tokenizer/truncation.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/tokenizer.hpp"
#include "common/error.hpp"
#include "expect_error.hpp"

using distilbert::EncodeOptions;
using distilbert::Encoding;
using distilbert::PartLengths;
using distilbert::Span;
using distilbert::Tokenizer;
using distilbert::truncate_longest_first;
using distilbert::TruncationDirection;
using distilbert::TruncationStrategy;
using distilbert::windows;
using nlohmann::json;

namespace {

TruncationStrategy strategy_of(const std::string& name) {
  if (name == "longest_first") {
    return TruncationStrategy::kLongestFirst;
  }
  if (name == "only_first") {
    return TruncationStrategy::kOnlyFirst;
  }
  return name == "only_second" ? TruncationStrategy::kOnlySecond
                               : TruncationStrategy::kDoNotTruncate;
}

EncodeOptions options_of(const json& row) {
  EncodeOptions options;
  options.add_special_tokens = row["add_special_tokens"].get<bool>();
  options.truncation.max_length = row["max_length"].get<std::size_t>();
  options.truncation.stride = row["stride"].get<std::size_t>();
  options.truncation.strategy = strategy_of(row["strategy"].get<std::string>());
  options.truncation.direction = row["direction"] == "left"
                                     ? TruncationDirection::kLeft
                                     : TruncationDirection::kRight;
  return options;
}

Encoding encode(const Tokenizer& tokenizer, const json& row) {
  const std::string first = row["first"].get<std::string>();
  if (row["second"].is_null()) {
    return tokenizer.encode(first, options_of(row));
  }
  return tokenizer.encode_pair(first, row["second"].get<std::string>(),
                               options_of(row));
}

using Numbers = std::vector<std::int32_t>;

void check_encoding(const Encoding& encoding, const json& golden) {
  CHECK(encoding.ids == golden["ids"].get<Numbers>());
  CHECK(encoding.type_ids == golden["type_ids"].get<Numbers>());
  CHECK(flatten(encoding.offsets) ==
        golden["offsets"].get<std::vector<std::uint32_t>>());
  CHECK(encoding.special_tokens_mask ==
        golden["special_tokens_mask"].get<std::vector<std::uint8_t>>());
  CHECK(encoding.word_ids == golden["word_ids"].get<Numbers>());
  CHECK(encoding.sequence_ids == golden["sequence_ids"].get<Numbers>());
}

void check_encodings(const Encoding& encoding, const json& golden) {
  REQUIRE(1 + encoding.overflow.size() == golden.size());
  check_encoding(encoding, golden[0]);
  for (std::size_t i = 0; i < encoding.overflow.size(); ++i) {
    check_encoding(encoding.overflow[i], golden[i + 1]);
  }
}

}  // namespace

TEST_CASE("truncated texts and pairs are the reference's, overflow included") {
  const Tokenizer tokenizer = bert_tokenizer();
  const json rows = read_tokenizer_golden("truncation.json");
  std::size_t refused = 0;
  for (const json& row : rows) {
    json named = row;
    named.erase("encodings");
    INFO(named.dump());
    if (row["encodings"].is_null()) {
      CHECK_THROWS_AS(encode(tokenizer, row), distilbert::Error);
      ++refused;
    } else {
      check_encodings(encode(tokenizer, row), row["encodings"]);
    }
  }
  CHECK(rows.size() >= 520);
  CHECK(refused > 30);
}

TEST_CASE("longest_first gives the extra token to the longer part") {
  CHECK(truncate_longest_first({9, 5}, 7) == PartLengths{4, 3});
  CHECK(truncate_longest_first({5, 9}, 7) == PartLengths{3, 4});
  CHECK(truncate_longest_first({5, 5}, 5) == PartLengths{2, 3});
}

TEST_CASE("longest_first leaves a part whole that takes half the budget") {
  CHECK(truncate_longest_first({2, 9}, 5) == PartLengths{2, 3});
  CHECK(truncate_longest_first({9, 2}, 5) == PartLengths{3, 2});
  CHECK(truncate_longest_first({3, 9}, 6) == PartLengths{3, 3});
  CHECK(truncate_longest_first({0, 9}, 6) == PartLengths{0, 6});
}

TEST_CASE("longest_first changes nothing that fits, and fills the budget") {
  for (std::size_t first = 0; first < 12; ++first) {
    for (std::size_t second = 0; second < 12; ++second) {
      for (std::size_t budget = 0; budget < 24; ++budget) {
        const PartLengths kept =
            truncate_longest_first({first, second}, budget);
        INFO(first << " + " << second << " in " << budget);
        CHECK(kept.first <= first);
        CHECK(kept.second <= second);
        CHECK(kept.first + kept.second == std::min(budget, first + second));
      }
    }
  }
}

TEST_CASE("windows share a stride and stop at the end of the text") {
  using Windows = std::vector<Span>;
  const auto right = TruncationDirection::kRight;
  const auto left = TruncationDirection::kLeft;
  CHECK(windows(3, 3, 0, right) == Windows{{0, 3}});
  CHECK(windows(7, 3, 0, right) == Windows{{0, 3}, {3, 6}, {6, 7}});
  CHECK(windows(7, 3, 1, right) == Windows{{0, 3}, {2, 5}, {4, 7}});
  CHECK(windows(7, 3, 1, left) == Windows{{4, 7}, {2, 5}, {0, 3}});
  CHECK(windows(7, 3, 0, left) == Windows{{4, 7}, {1, 4}, {0, 1}});
  CHECK(windows(2, 0, 0, right) == Windows{{0, 0}, {0, 2}});
}

TEST_CASE("truncation that can't be done says why") {
  const Tokenizer tokenizer = bert_tokenizer();
  EncodeOptions options;
  options.truncation.max_length = 1;
  expect_error([&] { (void)tokenizer.encode("a b", options); },
               {"max_length 1", "2 special tokens"});
  options.truncation.max_length = 2;
  expect_error([&] { (void)tokenizer.encode_pair("a", "b", options); },
               {"max_length 2", "3 special tokens"});
  CHECK(tokenizer.encode("a b", options).ids ==
        std::vector<std::int32_t>{101, 102});
  options.truncation = {.max_length = 5,
                        .strategy = TruncationStrategy::kOnlySecond};
  expect_error([&] { (void)tokenizer.encode("a b c d", options); },
               {"only_second", "pair"});
  expect_error([&] { (void)tokenizer.encode_pair("a b c", "d", options); },
               {"only_second", "1 tokens"});
  options.truncation = {.max_length = 5, .stride = 3};
  expect_error([&] { (void)tokenizer.encode("a b c d", options); },
               {"stride 3", "3 tokens"});
}
