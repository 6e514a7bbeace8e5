#include "ch05_attention/attention.hpp"

#include <cmath>

#include "attention_cases.hpp"
#include "ch05_attention/attention_probabilities.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

AttentionLayout golden_layout(const Goldens& goldens) {
  return {goldens.integers<std::size_t>("sequence_offsets"),
          goldens.integers<std::size_t>("heads").front()};
}

struct Shape {
  std::vector<std::size_t> lengths;
  std::size_t heads;
  std::size_t head_size;
};

// One token, two, odd numbers of them, an empty sequence, more than a cache
// holds; head sizes on both sides of a vector register.
const std::vector<Shape> kShapes{{{1}, 1, 1},
                                 {{1, 2, 17, 53}, 3, 8},
                                 {{53, 1, 17, 2, 2}, 2, 32},
                                 {{17, 0, 5}, 4, 5},
                                 {{129, 40, 1}, 2, 64}};

}  // namespace

TEMPLATE_TEST_CASE("attention is the reference's",
                   "[attention][golden]",
                   float,
                   double) {
  using T = TestType;
  const AttentionLayout layout =
      golden_layout(Goldens("operations/attention.safetensors"));
  const std::vector<std::string> inputs{"query", "key", "value"};
  require_golden<T>("attention", inputs, [&](const Inputs<T>& in) {
    return attention(in[0], in[1], in[2], layout, {});
  });
  require_golden<T>("attention", inputs, [&](const Inputs<T>& in) {
    return plain_attention(in[0], in[1], in[2], layout, {});
  });
}

TEMPLATE_TEST_CASE("attention probabilities are the reference's",
                   "[attention][golden]",
                   float,
                   double) {
  using T = TestType;
  const Goldens goldens("operations/attention.safetensors");
  const AttentionLayout layout = golden_layout(goldens);
  const auto q = goldens.matrix<T>("query");
  const auto k = goldens.matrix<T>("key");
  const std::size_t size = columns(q) / layout.heads;
  for (std::size_t s = 0; s < layout.sequences(); ++s) {
    const std::size_t n = layout.length(s);
    const auto expected = goldens.file().template read_values<double>(
        "probabilities." + std::to_string(s));
    REQUIRE(expected.size() == layout.heads * n * n);
    for (std::size_t h = 0; h < layout.heads; ++h) {
      const std::size_t first =
          layout.sequence_offsets[s] * columns(q) + h * size;
      Matrix<T> p = make_matrix<T>(n, n);
      attention_probabilities<T>({q.data() + first, n, size, columns(q)},
                                 {k.data() + first, n, size, columns(k)},
                                 {p.data(), n, n, n});
      Matrix<double> of_head = make_matrix<double>(n, n);
      std::copy_n(expected.data() + h * n * n, n * n, of_head.data());
      require_forward_equal(p, of_head, "probabilities");
    }
  }
}

TEMPLATE_TEST_CASE("attention equals its plain composition",
                   "[attention][fused]",
                   float,
                   double) {
  using T = TestType;
  for (const auto& [lengths, heads, head_size] : kShapes) {
    const auto layout = layout_of(lengths, heads);
    for (const double probability : {0.0, 0.1, 0.5}) {
      const auto fused = attention_case<T>(layout, head_size, probability);
      const auto plain =
          plain_attention_case<T>(layout, head_size, probability);
      require_equal(differentiate(fused), differentiate(plain), fused.name);
    }
  }
}

TEST_CASE("gradients of attention equal central differences", "[attention]") {
  const auto layout = layout_of({1, 2, 4}, 2);
  for (const double probability : {0.0, 0.4}) {
    require_measured_gradients(attention_case<double>(layout, 3, probability));
    require_measured_gradients(
        plain_attention_case<double>(layout, 3, probability));
  }
}

TEMPLATE_TEST_CASE("attention records what it should",
                   "[attention]",
                   float,
                   double) {
  const auto layout = layout_of({3, 1, 5}, 2);
  for (const double probability : {0.0, 0.3}) {
    const auto operation = attention_case<TestType>(layout, 4, probability);
    require_right_recording(operation);
    require_right_recording(
        plain_attention_case<TestType>(layout, 4, probability));
  }
}

TEMPLATE_TEST_CASE("attention writes before it reads",
                   "[attention]",
                   float,
                   double) {
  for (const auto& [lengths, heads, head_size] : kShapes) {
    for (const double probability : {0.0, 0.3}) {
      require_no_uninitialised_reads(attention_case<TestType>(
          layout_of(lengths, heads), head_size, probability));
      require_no_uninitialised_reads(plain_attention_case<TestType>(
          layout_of(lengths, heads), head_size, probability));
    }
  }
}

TEMPLATE_TEST_CASE("attention doesn't depend on threads",
                   "[attention][threads]",
                   float,
                   double) {
  const auto layout = layout_of({1, 70, 17, 53, 2, 128, 31}, 3);
  for (const double probability : {0.0, 0.1}) {
    require_same_bits_for_any_threads(
        attention_case<TestType>(layout, 16, probability));
  }
}

TEMPLATE_TEST_CASE("recorded attention is one node",
                   "[attention]",
                   float,
                   double) {
  using T = TestType;
  const auto operation = attention_case<T>(layout_of({3, 4}, 2), 4, 0.1);
  Tape<T> tape;
  const auto p = parameter_of(operation.inputs[0]);
  const Variable<T> x = tape.watch(p);
  operation.apply({x, x, x});
  REQUIRE(tape.counters().nodes_recorded == 2);
}

TEMPLATE_TEST_CASE("inference keeps no probabilities",
                   "[attention]",
                   float,
                   double) {
  using T = TestType;
  const auto layout = layout_of({3, 4}, 2);
  const auto x = random_matrix<T>(7, 8, 1);
  const auto kept =
      attention(x, x, x, layout, dropout_of(0.1), KeepProbabilities::kYes);
  REQUIRE(kept.probabilities.size() == 2 * (9 + 16));
  REQUIRE(kept.dropped.size() == 2 * (9 + 16));
  const auto plain =
      attention(x, x, x, layout, std::nullopt, KeepProbabilities::kYes);
  REQUIRE(plain.probabilities.size() == 2 * (9 + 16));
  REQUIRE(plain.dropped.size() == 0);
  const auto none =
      attention(x, x, x, layout, dropout_of(0.1), KeepProbabilities::kNo);
  REQUIRE(none.probabilities.size() == 0);
  REQUIRE(none.dropped.size() == 0);
  REQUIRE(same_bits(none.context, kept.context));
}

TEMPLATE_TEST_CASE("attention insists on fitting shapes",
                   "[attention]",
                   float,
                   double) {
  using T = TestType;
  const auto x = zeros<T>(7, 8);
  const auto run = [&](const Matrix<T>& k, const Matrix<T>& v,
                       const AttentionLayout& layout) {
    attention(x, k, v, layout, {}, KeepProbabilities::kNo);
  };
  REQUIRE_NOTHROW(run(x, x, layout_of({3, 4}, 2)));
  REQUIRE_THROWS_AS(run(zeros<T>(6, 8), x, layout_of({3, 4}, 2)),
                    std::logic_error);
  REQUIRE_THROWS_AS(run(x, zeros<T>(7, 4), layout_of({3, 4}, 2)),
                    std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, layout_of({3, 3}, 2)), std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, layout_of({3, 5}, 2)), std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, layout_of({3, 4}, 3)), std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, layout_of({3, 4}, 0)), std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, AttentionLayout{{1, 7}, 2}), std::logic_error);
  REQUIRE_THROWS_AS(run(x, x, AttentionLayout{{}, 2}), std::logic_error);
}
