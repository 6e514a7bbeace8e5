#include "ch02_tokenizer/vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/special_tokens.hpp"
#include "ch02_tokenizer/tokenizer.hpp"
#include "ch02_tokenizer/wordpiece.hpp"
#include "common/utf8.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

using distilbert::Piece;
using distilbert::SpecialTokens;
using distilbert::Tokenizer;
using distilbert::Vocabulary;
using distilbert::wordpiece;

namespace {

using Pieces = std::vector<Piece>;

Pieces pieces_of(std::u32string_view word, const Vocabulary& vocabulary) {
  Pieces pieces = {{7, 0, 1}};
  wordpiece(word, vocabulary, 0, pieces);
  CHECK(pieces.front() == Piece{7, 0, 1});
  pieces.erase(pieces.begin());
  return pieces;
}

}  // namespace

TEST_CASE("ids are line numbers") {
  const Vocabulary vocabulary = Vocabulary::from_file(bert_vocabulary_path());
  CHECK(vocabulary.size() == 30522);
  CHECK(vocabulary.find(U"[PAD]") == 0);
  CHECK(vocabulary.find(U"!") == 999);
  CHECK(vocabulary.find(U"##～") == 30521);
  CHECK(vocabulary.find_continuation(U"～") == 30521);
  CHECK(vocabulary.token(30521) == "##～");
  CHECK_FALSE(vocabulary.find(U"no such token"));
  CHECK_FALSE(vocabulary.find(U""));
}

TEST_CASE("every token is found under its id") {
  const Vocabulary vocabulary = Vocabulary::from_file(bert_vocabulary_path());
  for (std::int32_t id = 0; id < 30522; ++id) {
    const std::u32string token = distilbert::decode_utf8(vocabulary.token(id));
    REQUIRE(vocabulary.find(token) == id);
  }
}

TEST_CASE("whitespace at the end of a line is no part of the token") {
  const TemporaryFolder folder;
  const auto path = folder.write("vocab.txt", "a \t\r\nb\u3000\u2028\n c\n\nd");
  const Vocabulary vocabulary = Vocabulary::from_file(path);
  CHECK(vocabulary.size() == 5);
  CHECK(vocabulary.find(U"a") == 0);
  CHECK(vocabulary.find(U"b") == 1);
  CHECK(vocabulary.find(U" c") == 2);
  CHECK(vocabulary.find(U"d") == 4);
}

TEST_CASE("of equal lines the last one is the token's id") {
  const Vocabulary vocabulary({"a", "b", "a"});
  CHECK(vocabulary.find(U"a") == 2);
  CHECK(vocabulary.size() == 3);
}

TEST_CASE("a vocabulary that can't be used says where and why") {
  const TemporaryFolder folder;
  expect_error([&] { (void)Vocabulary::from_file(folder.path() / "none.txt"); },
               {"none.txt", "can't be read"});
  expect_error([&] { (void)Vocabulary::from_file(folder.path()); },
               {"can't be read"});
  const auto empty = folder.write("empty.txt", "");
  expect_error([&] { (void)Vocabulary::from_file(empty); },
               {"empty.txt", "one token a line"});
  const auto latin = folder.write("latin.txt", "a\nb\ncaf\xe9\n");
  expect_error([&] { (void)Vocabulary::from_file(latin); },
               {"latin.txt", "line 3", "UTF-8"});
}

TEST_CASE("a model folder without a special token is refused by its name") {
  const TemporaryFolder folder;
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\na\n");
  expect_error([&] { (void)Tokenizer::from_folder(folder.path()); },
               {"vocab.txt", "[SEP]"});
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n");
  const Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  CHECK_FALSE(tokenizer.mask_id());
  CHECK(tokenizer.encode("a[PAD]").ids ==
        std::vector<std::int32_t>{2, 4, 0, 3});
}

TEST_CASE("wordpiece takes the longest piece, then goes on behind it") {
  const Vocabulary vocabulary(
      {"[UNK]", "a", "ab", "##b", "##bc", "##c", "abd"});
  CHECK(pieces_of(U"abc", vocabulary) == Pieces{{2, 0, 2}, {5, 2, 3}});
  CHECK(pieces_of(U"abd", vocabulary) == Pieces{{6, 0, 3}});
  CHECK(pieces_of(U"abbc", vocabulary) == Pieces{{2, 0, 2}, {4, 2, 4}});
}

TEST_CASE("wordpiece is greedy: it doesn't take a first piece back") {
  const Vocabulary vocabulary({"[UNK]", "ab", "a", "##bc"});
  CHECK(pieces_of(U"abc", vocabulary) == Pieces{{0, 0, 3}});
}

TEST_CASE("a continuation can't begin a word, nor a beginning continue one") {
  const Vocabulary vocabulary({"[UNK]", "a", "##b"});
  CHECK(pieces_of(U"b", vocabulary) == Pieces{{0, 0, 1}});
  CHECK(pieces_of(U"aa", vocabulary) == Pieces{{0, 0, 2}});
  CHECK(pieces_of(U"", vocabulary).empty());
}

TEST_CASE("of special tokens that begin together the longest is found") {
  SpecialTokens tokens;
  tokens.add(U"<a", 1);
  tokens.add(U"<a>", 2);
  tokens.add(U"<a>", 3);
  const auto match = tokens.find(U"x<<a>", 0);
  REQUIRE(match);
  CHECK(match->id == 2);
  CHECK(match->begin == 2);
  CHECK(match->end == 5);
  CHECK(tokens.find(U"<a<a>", 1)->begin == 2);
  CHECK_FALSE(tokens.find(U"<A>", 0));
  CHECK_FALSE(tokens.find(U"", 0));
  CHECK(tokens.contains(1));
  CHECK_FALSE(tokens.contains(3));
}
