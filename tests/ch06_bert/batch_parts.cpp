#include "ch06_bert/batch_parts.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "common/error.hpp"
#include "common/random.hpp"
#include "common/threads.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

namespace {

using Sizes = std::vector<std::size_t>;

std::vector<Encoding> texts_of(const Sizes& lengths) {
  std::vector<Encoding> texts(lengths.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    texts[i].ids.resize(lengths[i]);
  }
  return texts;
}

// The tokens of each part, from the fewest to the most, once the parts are
// known to have each text once and none to be empty.
Sizes part_tokens(const Sizes& lengths, std::size_t threads) {
  std::vector<int> dealt(lengths.size(), 0);
  Sizes tokens;
  for (const BatchPart& part : deal_into_parts(texts_of(lengths), threads)) {
    REQUIRE(!part.empty());
    tokens.push_back(0);
    for (const std::size_t text : part) {
      ++dealt.at(text);
      tokens.back() += lengths[text];
    }
  }
  REQUIRE(dealt == std::vector<int>(lengths.size(), 1));
  std::ranges::sort(tokens);
  return tokens;
}

// Lengths from 1 to `longest`.
Sizes random_lengths(std::size_t count,
                     std::size_t longest,
                     std::uint32_t seed) {
  const RandomSource source(seed, RandomPurpose::kInitialisation, 0, 0);
  Sizes lengths;
  for (std::uint32_t i = 0; i < count; ++i) {
    lengths.push_back(1 +
                      static_cast<std::size_t>(source.uniform(i, 0) *
                                               static_cast<double>(longest)));
  }
  return lengths;
}

}  // namespace

TEST_CASE("no texts make no parts", "[batch_parts]") {
  for (const std::size_t threads : {1, 2, 64}) {
    REQUIRE(part_tokens({}, threads).empty());
  }
}

TEST_CASE("one text is one part, however long", "[batch_parts]") {
  for (const std::size_t length : {1, 2, 128, 5000}) {
    for (const std::size_t threads : {1, 2, 64}) {
      REQUIRE(part_tokens({length}, threads) == Sizes{length});
    }
  }
}

TEST_CASE("with more threads than texts each text is a part", "[batch_parts]") {
  REQUIRE(part_tokens({20, 30, 25}, 8) == Sizes{20, 25, 30});
  REQUIRE(part_tokens({20, 30, 25}, 3) == Sizes{20, 25, 30});
  REQUIRE(part_tokens({1, 300}, 8) == Sizes{1, 300});
}

TEST_CASE("two threads halve a small batch", "[batch_parts]") {
  REQUIRE(part_tokens({10, 10, 10, 10}, 2) == Sizes{20, 20});
  REQUIRE(part_tokens({10, 10, 10, 30}, 2) == Sizes{30, 30});
  REQUIRE(part_tokens({30, 10, 10, 10}, 2) == Sizes{30, 30});
  REQUIRE(part_tokens({10, 30, 20, 40}, 2) == Sizes{50, 50});
  REQUIRE(part_tokens({10, 10, 10, 10}, 1) == Sizes{40});
}

TEST_CASE(
    "large batches are cut into parts that a cache holds, as many for "
    "every thread",
    "[batch_parts]") {
  // 32 texts of 30 tokens: 960 tokens are six parts of 160, for four threads
  // eight of 120.
  REQUIRE(part_tokens(Sizes(32, 30), 1).size() == 6);
  REQUIRE(part_tokens(Sizes(32, 30), 2).size() == 6);
  REQUIRE(part_tokens(Sizes(32, 30), 4).size() == 8);
  REQUIRE(part_tokens(Sizes(32, 30), 5).size() == 10);
}

TEST_CASE("parts differ by less than their longest text", "[batch_parts]") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const std::size_t longest = seed % 4 == 0 ? 3 : 130;
    const Sizes lengths = random_lengths(1 + seed % 70, longest, seed);
    const auto tokens =
        std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
    for (const std::size_t threads : {1, 2, 3, 8}) {
      INFO("seed " << seed << ", " << threads << " threads");
      const Sizes parts = part_tokens(lengths, threads);
      const std::size_t wanted =
          std::min(lengths.size(),
                   (tokens + 160 * threads - 1) / (160 * threads) * threads);
      REQUIRE(parts.size() == wanted);
      // A text goes where there are fewest tokens.
      REQUIRE(parts.back() - parts.front() <= std::ranges::max(lengths));
    }
  }
}

TEST_CASE("a huge text among small ones is a part of its own",
          "[batch_parts]") {
  for (const std::size_t place : {0, 5, 19}) {
    Sizes lengths(20, 10);
    lengths[place] = 2000;
    REQUIRE(part_tokens(lengths, 2).back() == 2000);
  }
}

TEST_CASE("the shortest texts fill up what the longest leave uneven",
          "[batch_parts]") {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    const Sizes lengths = random_lengths(32, 55, seed);
    const Sizes parts = part_tokens(lengths, 2);
    INFO("seed " << seed);
    REQUIRE(parts.back() - parts.front() <= std::ranges::max(lengths) / 2);
  }
}

TEST_CASE("a hundred thousand texts are dealt out at once", "[batch_parts]") {
  const Sizes parts = part_tokens(random_lengths(100'000, 60, 1), 2);
  REQUIRE(parts.size() > 10'000);
  REQUIRE(parts.back() <= 170);
}

TEST_CASE("texts without tokens are in a part too", "[batch_parts]") {
  REQUIRE(part_tokens({0, 0, 0}, 2) == Sizes{0});
  REQUIRE(part_tokens({0, 40, 0, 0, 40, 0}, 2) == Sizes{40, 40});
  REQUIRE(part_tokens({0, 400, 0, 0}, 2) == Sizes{0, 400});
}

TEST_CASE("every text of a batch is worked on once", "[batch_parts][threads]") {
  const std::size_t before = thread_count();
  for (const std::size_t threads : {1, 2, 3}) {
    set_thread_count(threads);
    for (const std::size_t count : {0, 1, 2, 70}) {
      const std::vector<Encoding> texts =
          texts_of(random_lengths(count, 130, 9));
      // Parts are of different texts, so that no two threads write one number.
      std::vector<int> visits(count, 0);
      for_each_part(texts, [&](const BatchPart& part) {
        for (const std::size_t text : part) {
          ++visits[text];
        }
      });
      REQUIRE(visits == std::vector<int>(count, 1));
    }
  }
  set_thread_count(before);
}

TEST_CASE("what goes wrong in a part is told to the caller", "[batch_parts]") {
  const std::vector<Encoding> texts = texts_of(Sizes(8, 100));
  const auto fail_with_the_last = [](const BatchPart& part) {
    if (std::ranges::count(part, 7U) != 0) {
      throw Error("the last text");
    }
  };
  REQUIRE_THROWS_AS(for_each_part(texts, fail_with_the_last), Error);
}
