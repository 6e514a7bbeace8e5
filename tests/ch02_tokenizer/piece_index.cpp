#include "ch02_tokenizer/piece_index.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/vocabulary.hpp"

using distilbert::PieceIndex;
using distilbert::PieceKind;
using distilbert::Vocabulary;

namespace {

/// The longest token that a text begins with, found by trying all tokens.
std::int32_t longest_by_trying(const Vocabulary& vocabulary,
                               std::string_view text,
                               PieceKind kind) {
  std::int32_t best = PieceIndex::kNone;
  std::size_t best_size = 0;
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    std::string_view token = vocabulary.token(id);
    const bool continues = token.starts_with("##");
    if (continues) {
      token.remove_prefix(2);
    }
    if (continues == (kind == PieceKind::kContinuation) &&
        token.size() > best_size && text.starts_with(token)) {
      best = id;
      best_size = token.size();
    }
  }
  return best;
}

void check_longest(const Vocabulary& vocabulary, const std::string& text) {
  const std::string padded = text + "abcdefghij";
  for (const PieceKind kind :
       {PieceKind::kBeginning, PieceKind::kContinuation}) {
    const auto found =
        vocabulary.index().find_longest(padded.data(), text.size(), kind);
    INFO("text: " << text);
    CHECK(found.id == longest_by_trying(vocabulary, text, kind));
  }
}

}  // namespace

TEST_CASE("the longest token is found as if all were tried") {
  const Vocabulary vocabulary = Vocabulary::from_file(bert_vocabulary_path());
  for (const std::string text :
       {"a", "th", "the", "them", "themselves", "unlockable", "ing", "ization",
        "internationalization", "straightforwardly", "привет", "ที่", "한",
        "\xe1\x84\x92\xe1\x85\xa1", "日", "~", "qqqqqqqqqqqqqqqqqqqqqqqq"}) {
    check_longest(vocabulary, text);
  }
}

TEST_CASE("tokens of 62, 63, 64 and 200 bytes are found beside each other") {
  const auto letters = [](std::size_t count) {
    return std::string(count, 'a');
  };
  const Vocabulary vocabulary({letters(62), letters(63), letters(64),
                               letters(200), "##" + letters(64), "a"});
  for (const std::size_t size : {1, 61, 62, 63, 64, 65, 199, 200, 201, 300}) {
    check_longest(vocabulary, letters(size));
  }
}

TEST_CASE(
    "tokens that differ in their kind, their end or zeros are different") {
  const Vocabulary vocabulary({"ab", "##ab", std::string("ab\0", 3), "abcdefgh",
                               "abcdefghi", "abcdefghj", "##abcdefghi", "##",
                               ""});
  CHECK(vocabulary.find(U"ab") == 0);
  CHECK(vocabulary.find_continuation(U"ab") == 1);
  CHECK(vocabulary.find(std::u32string_view(U"ab\0", 3)) == 2);
  CHECK(vocabulary.find(U"abcdefgh") == 3);
  CHECK(vocabulary.find(U"abcdefghi") == 4);
  CHECK(vocabulary.find(U"abcdefghj") == 5);
  CHECK(vocabulary.find(U"##abcdefghi") == 6);
  CHECK_FALSE(vocabulary.find_continuation(U"abcdefghj"));
  CHECK(vocabulary.find(U"##") == 7);
  CHECK(vocabulary.find(U"") == 8);
}

TEST_CASE("tokens that begin with the same eight bytes are told apart") {
  std::vector<std::string> tokens;
  for (int i = 100; i < 1000; ++i) {
    tokens.push_back("abcdefgh" + std::to_string(i));
  }
  const Vocabulary vocabulary(tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::u32string token(tokens[i].begin(), tokens[i].end());
    CHECK(vocabulary.find(token) == static_cast<std::int32_t>(i));
  }
}
