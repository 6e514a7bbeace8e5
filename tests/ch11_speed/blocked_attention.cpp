#include "ch11_speed/blocked_attention.hpp"

#include <vector>

#include "ch05_attention/attention_cases.hpp"
#include "ch11_speed/tile_product.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// One token, two, both sides of a tile's height and of a panel's width, none,
// and several panels; in an order in which short ones follow long ones.
const std::vector<std::size_t> kLengths{1,  2,  13,  14, 15, 31, 200,
                                        32, 33, 100, 0,  5,  1};
const std::vector<std::size_t> kHeadSizes{1, 5, 8, 32, 64};

struct Inputs3 {
  Matrix<float> q;
  Matrix<float> k;
  Matrix<float> v;
};

Inputs3 random_inputs(const AttentionLayout& layout, std::size_t head_size) {
  const std::size_t tokens = layout.sequence_offsets.back();
  const std::size_t hidden = layout.heads * head_size;
  return {random_matrix<float>(tokens, hidden, 1),
          random_matrix<float>(tokens, hidden, 2),
          random_matrix<float>(tokens, hidden, 3)};
}

Matrix<float> blocked(const Inputs3& in, const AttentionLayout& layout) {
  return blocked_attention(in.q, in.k, in.v, layout);
}

Matrix<float> of_chapter_5(const Inputs3& in, const AttentionLayout& layout) {
  return attention(in.q, in.k, in.v, layout, {}, KeepProbabilities::kNo)
      .context;
}

// How many bytes a call takes from the system for `length` tokens, with one
// thread and an empty pool: its result and its scratch.
template <class Function>
std::size_t bytes_taken(const Function& function,
                        const std::vector<std::size_t>& lengths) {
  const Threads one(1);
  const AttentionLayout layout = layout_of(lengths, 2);
  const Inputs3 in = random_inputs(layout, 64);
  BlockPool::shared().release_unused();
  const std::size_t before = BlockPool::shared().counters().bytes_held;
  const Matrix<float> result = function(in, layout);
  return BlockPool::shared().counters().bytes_held - before;
}

}  // namespace

TEST_CASE("blocked attention equals attention() of chapter 5",
          "[blocked_attention]") {
  const PoisonedMemory poisoned;
  for (const std::size_t head_size : kHeadSizes) {
    for (const std::size_t heads : {1, 3}) {
      INFO(heads << " heads of " << head_size);
      const AttentionLayout layout = layout_of(kLengths, heads);
      const Inputs3 in = random_inputs(layout, head_size);
      require_forward_equal(blocked(in, layout),
                            as_double(of_chapter_5(in, layout)), "attention");
    }
  }
}

TEST_CASE("a sequence has the same bits alone and in a blocked batch",
          "[blocked_attention]") {
  for (const std::size_t head_size : kHeadSizes) {
    const AttentionLayout layout = layout_of(kLengths, 2);
    const Inputs3 in = random_inputs(layout, head_size);
    const Matrix<float> together = blocked(in, layout);
    for (std::size_t s = 0; s < layout.sequences(); ++s) {
      INFO("sequence " << s << ", head size " << head_size);
      const std::size_t begin = layout.sequence_offsets[s];
      const std::size_t end = layout.sequence_offsets[s + 1];
      const Inputs3 one{rows_of(in.q, begin, end), rows_of(in.k, begin, end),
                        rows_of(in.v, begin, end)};
      REQUIRE(same_bits(blocked(one, layout_of({end - begin}, 2)),
                        rows_of(together, begin, end)));
    }
  }
}

TEST_CASE("blocked attention doesn't depend on threads",
          "[blocked_attention][threads]") {
  const AttentionLayout layout = layout_of(kLengths, 3);
  const Inputs3 in = random_inputs(layout, 16);
  const auto with = [&](std::size_t threads) {
    const Threads set(threads);
    return blocked(in, layout);
  };
  const Matrix<float> expected = with(1);
  for (const std::size_t threads : {2, 3, 8}) {
    REQUIRE(same_bits(with(threads), expected));
  }
}

TEST_CASE("nothing leaks between the sequences of a blocked batch",
          "[blocked_attention]") {
  const AttentionLayout layout = layout_of({3, 40, 5}, 2);
  Inputs3 in = random_inputs(layout, 8);
  const Matrix<float> before = blocked(in, layout);
  for (Matrix<float>* const matrix : {&in.q, &in.k, &in.v}) {
    for (std::size_t i = 3; i < 43; ++i) {
      std::ranges::fill(row(*matrix, i), 1000.0F);
    }
  }
  const Matrix<float> after = blocked(in, layout);
  REQUIRE(same_bits(rows_of(after, 0, 3), rows_of(before, 0, 3)));
  REQUIRE(same_bits(rows_of(after, 43, 48), rows_of(before, 43, 48)));
}

TEST_CASE("scores too large for exp are no trouble in blocks",
          "[blocked_attention]") {
  // Heads of size 1: queries of ±100 and keys of ±100 score ±10000. A query
  // averages the values of the keys that have its sign, and all of them where
  // no key has.
  for (const std::size_t length : {2, 5, 40, 100}) {
    Inputs3 in{make_matrix<float>(length, 1), make_matrix<float>(length, 1),
               make_matrix<float>(length, 1)};
    for (const bool mixed : {true, false}) {
      double sums[2] = {0, 0};
      double counts[2] = {0, 0};
      for (std::size_t i = 0; i < length; ++i) {
        in.q(i, 0) = i % 3 == 0 ? 100.0F : -100.0F;
        in.k(i, 0) = mixed && i % 2 == 0 ? 100.0F : -100.0F;
        in.v(i, 0) = static_cast<float>(i);
        sums[in.k(i, 0) > 0 ? 1 : 0] += static_cast<double>(i);
        counts[in.k(i, 0) > 0 ? 1 : 0] += 1;
      }
      const Matrix<float> found = blocked(in, layout_of({length}, 1));
      for (std::size_t i = 0; i < length; ++i) {
        const std::size_t sign = mixed && in.q(i, 0) > 0 ? 1 : 0;
        INFO(length << " keys, query " << i);
        REQUIRE(found(i, 0) == Approx(sums[sign] / counts[sign]));
      }
    }
  }
}

TEST_CASE("a single token attends to itself in blocks", "[blocked_attention]") {
  const AttentionLayout layout = layout_of({1, 1, 1}, 2);
  const Inputs3 in = random_inputs(layout, 5);
  REQUIRE(same_bits(blocked(in, layout), in.v));
}

TEST_CASE("blocked attention's memory grows with the length, not its square",
          "[blocked_attention][memory]") {
  const std::size_t once = bytes_taken(blocked, {512});
  const std::size_t twice = bytes_taken(blocked, {1024});
  // An eighth more: the pool's blocks come in few sizes.
  REQUIRE(once > 0);
  REQUIRE(static_cast<double>(twice) <= 2.25 * static_cast<double>(once));
  // Result, one head's keys and values, and a tile of scores; the scores of all
  // pairs would take 4 MiB alone.
  const std::size_t floats = 1024 * (128 + 64 + 64 + kTileRows);
  REQUIRE(static_cast<double>(twice) <=
          1.125 * static_cast<double>(floats * sizeof(float)));
  // attention() of chapter 5 keeps the scores of all pairs, so the same
  // measurement sees the square.
  REQUIRE(bytes_taken(of_chapter_5, {1024}) > std::size_t{1024} * 1024 * 4);
}

TEST_CASE("blocked attention's scratch serves one sequence after another",
          "[blocked_attention][memory]") {
  const std::size_t one = bytes_taken(blocked, {256});
  const std::size_t eight =
      bytes_taken(blocked, std::vector<std::size_t>(8, 256));
  // Seven more results, rounded up by an eighth at most, and no more scratch.
  const std::size_t result = std::size_t{256} * 128 * sizeof(float);
  REQUIRE(eight <= one + 8 * result * 9 / 8);
}

TEST_CASE("blocked attention insists on fitting shapes",
          "[blocked_attention]") {
  const auto x = zeros<float>(7, 8);
  const auto run = [&](const Matrix<float>& k, const Matrix<float>& v,
                       const AttentionLayout& layout) {
    blocked_attention(x, k, v, layout);
  };
  REQUIRE_NOTHROW(run(x, x, layout_of({3, 4}, 2)));
  REQUIRE_THROWS_AS(run(zeros<float>(6, 8), x, layout_of({3, 4}, 2)),
                    std::logic_error);
  REQUIRE_THROWS_AS(run(x, zeros<float>(7, 4), layout_of({3, 4}, 2)),
                    std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, layout_of({3, 3}, 2)), std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, layout_of({3, 4}, 3)), std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, AttentionLayout{{}, 2}), std::logic_error);
}
