#include "ch02_tokenizer/train_vocabulary.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/choose_merge.hpp"

using distilbert::choose_merge;
using distilbert::count_words;
using distilbert::PairCount;
using distilbert::train_vocabulary;
using distilbert::VocabularyTraining;
using distilbert::WordCounts;
using nlohmann::json;

TEST_CASE("vocabularies are the reference's, token by token") {
  const json golden = read_tokenizer_golden("training.json");
  WordCounts counts;
  for (const json& line : golden["corpus"]) {
    count_words(line.get<std::string>(), {}, counts);
  }
  REQUIRE(golden["runs"].size() == 6);
  for (const json& run : golden["runs"]) {
    VocabularyTraining training;
    training.vocabulary_size = run["vocabulary_size"].get<std::size_t>();
    training.min_frequency = run["min_frequency"].get<std::uint64_t>();
    training.limit_alphabet = run["limit_alphabet"].get<std::size_t>();
    CHECK(train_vocabulary(counts, training) ==
          run["tokens"].get<std::vector<std::string>>());
  }
}

TEST_CASE("the most frequent pair is merged, on a tie the one of smaller ids") {
  using Pairs = std::vector<PairCount>;
  CHECK(choose_merge(Pairs{{1, 2, 5}, {0, 9, 7}, {3, 4, 6}}, 1) == 1U);
  CHECK(choose_merge(Pairs{{2, 1, 5}, {1, 9, 5}, {1, 8, 5}}, 1) == 2U);
  CHECK(choose_merge(Pairs{{2, 1, 4000000000}, {1, 9, 5}}, 1) == 0U);
}

TEST_CASE("a pair below the least frequency isn't merged") {
  using Pairs = std::vector<PairCount>;
  CHECK_FALSE(choose_merge(Pairs{{1, 2, 4}, {2, 3, 4}}, 5));
  CHECK_FALSE(choose_merge(Pairs{{1, 2, 0}}, 0));
  CHECK_FALSE(choose_merge(Pairs{}, 0));
  CHECK(choose_merge(Pairs{{1, 2, 5}}, 5) == 0U);
}

TEST_CASE("overlapping pairs are merged from the left") {
  WordCounts counts;
  count_words("aaaa aaaa", {}, counts);
  VocabularyTraining training;
  training.special_tokens = {};
  CHECK(train_vocabulary(counts, training) ==
        std::vector<std::string>{"a", "##a", "##aa", "aaa", "aaaa"});
}

TEST_CASE("counts beyond 32 bits are kept") {
  const WordCounts counts = {{U"ab", 1ULL << 31U}, {U"cd", (1ULL << 33U) + 1}};
  VocabularyTraining training;
  training.special_tokens = {};
  CHECK(train_vocabulary(counts, training) ==
        std::vector<std::string>{"a", "b", "c", "d", "##b", "##d", "cd", "ab"});
}
