#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/tokenizer.hpp"
#include "expect_error.hpp"

using distilbert::Tokenizer;
using nlohmann::json;
using Ids = std::vector<std::int32_t>;

TEST_CASE("ids decode to the reference's text") {
  const Tokenizer tokenizer = bert_tokenizer();
  const json rows = read_tokenizer_golden("decoding.json");
  for (const json& row : rows) {
    INFO(row.dump());
    CHECK(tokenizer.decode(row["ids"].get<Ids>(),
                           row["skip_special_tokens"].get<bool>()) ==
          row["text"].get<std::string>());
  }
  CHECK(rows.size() > 400);
}

TEST_CASE("decoding glues continuations and closes up punctuation") {
  const Tokenizer tokenizer = bert_tokenizer();
  CHECK(tokenizer.decode(Ids{101, 7592, 1010, 2088, 999, 102}) ==
        "hello, world!");
  CHECK(tokenizer.decode(Ids{101, 7592, 102}, false) == "[CLS] hello [SEP]");
}

TEST_CASE("an id outside of the vocabulary can't be decoded") {
  const Tokenizer tokenizer = bert_tokenizer();
  expect_error([&] { (void)tokenizer.decode(Ids{30522}); },
               {"30522", "token id"});
  expect_error([&] { (void)tokenizer.decode(Ids{-1}); }, {"-1"});
}
