// What packing and dropout promise: a sequence's result is its own.

#include <cmath>

#include "attention_cases.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

const std::vector<std::size_t> kLengths{17, 1, 53, 2, 30};

// The case of one sequence of a packed case, alone.
template <class T>
OperationCase<T> alone(const OperationCase<T>& packed,
                       const AttentionLayout& layout,
                       std::size_t sequence) {
  const std::size_t begin = layout.sequence_offsets[sequence];
  const std::size_t end = layout.sequence_offsets[sequence + 1];
  OperationCase<T> single{packed.name, {}, {}};
  for (const Matrix<T>& input : packed.inputs) {
    single.inputs.push_back(rows_of(input, begin, end));
  }
  single.apply =
      [layout = layout_of({end - begin}, layout.heads)](const Inputs<T>& in) {
        return attention(in[0], in[1], in[2], layout, {});
      };
  return single;
}

// Puts the sequences of a packed matrix in another order.
template <class T>
Matrix<T> reordered(const Matrix<T>& matrix,
                    const AttentionLayout& layout,
                    const std::vector<std::size_t>& order) {
  Matrix<T> result = make_matrix<T>(rows(matrix), columns(matrix));
  std::size_t next = 0;
  for (const std::size_t s : order) {
    for (std::size_t i = layout.sequence_offsets[s];
         i < layout.sequence_offsets[s + 1]; ++i) {
      std::ranges::copy(row(matrix, i), row(result, next++).begin());
    }
  }
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("a sequence has the same bits alone and in a batch",
                   "[packing]",
                   float,
                   double) {
  using T = TestType;
  const auto layout = layout_of(kLengths, 3);
  const auto packed = attention_case<T>(layout, 16, 0);
  const auto upstream = random_matrix<T>(103, 48, 5);
  const auto all = differentiate(packed, upstream);
  for (std::size_t s = 0; s < layout.sequences(); ++s) {
    const std::size_t begin = layout.sequence_offsets[s];
    const std::size_t end = layout.sequence_offsets[s + 1];
    Derivatives<T> expected{rows_of(all.value, begin, end), {}};
    for (const Matrix<T>& gradient : all.gradients) {
      expected.gradients.push_back(rows_of(gradient, begin, end));
    }
    INFO("sequence " << s);
    REQUIRE(same_bits(
        differentiate(alone(packed, layout, s), rows_of(upstream, begin, end)),
        expected));
  }
}

TEMPLATE_TEST_CASE("sequences in another order have the same results there",
                   "[packing]",
                   float,
                   double) {
  using T = TestType;
  const std::vector<std::size_t> order{3, 0, 4, 2, 1};
  const auto layout = layout_of(kLengths, 3);
  std::vector<std::size_t> lengths;
  for (const std::size_t s : order) {
    lengths.push_back(kLengths[s]);
  }
  const auto upstream = random_matrix<T>(103, 48, 5);
  const auto before = attention_case<T>(layout, 16, 0);
  auto after = attention_case<T>(layout_of(lengths, 3), 16, 0);
  for (std::size_t i = 0; i < 3; ++i) {
    after.inputs[i] = reordered(before.inputs[i], layout, order);
  }
  auto expected = differentiate(before, upstream);
  expected.value = reordered(expected.value, layout, order);
  for (auto& gradient : expected.gradients) {
    gradient = reordered(gradient, layout, order);
  }
  REQUIRE(same_bits(differentiate(after, reordered(upstream, layout, order)),
                    expected));
}

TEMPLATE_TEST_CASE("nothing leaks from one sequence to another",
                   "[packing]",
                   float,
                   double) {
  using T = TestType;
  const auto layout = layout_of({3, 4, 5}, 2);
  auto operation = attention_case<T>(layout, 4, 0.2);
  const auto before = differentiate(operation);
  for (Matrix<T>& input : operation.inputs) {
    for (std::size_t i = 3; i < 7; ++i) {
      std::ranges::fill(row(input, i), T{1000});
    }
  }
  const auto after = differentiate(operation);
  for (const auto& [begin, end] :
       {std::pair<std::size_t, std::size_t>{0, 3}, {7, 12}}) {
    REQUIRE(same_bits(rows_of(after.value, begin, end),
                      rows_of(before.value, begin, end)));
    for (std::size_t i = 0; i < 3; ++i) {
      REQUIRE(same_bits(rows_of(after.gradients[i], begin, end),
                        rows_of(before.gradients[i], begin, end)));
    }
  }
}

TEMPLATE_TEST_CASE("nothing leaks from one head to another",
                   "[packing]",
                   float,
                   double) {
  using T = TestType;
  const auto layout = layout_of({3, 4}, 3);
  auto operation = attention_case<T>(layout, 4, 0.2);
  const auto before = differentiate(operation);
  for (Matrix<T>& input : operation.inputs) {
    for (std::size_t i = 0; i < 7; ++i) {
      std::ranges::fill(row(input, i).subspan(4, 4), T{1000});
    }
  }
  const auto after = differentiate(operation);
  for (std::size_t i = 0; i < 7; ++i) {
    for (const std::size_t j : {0, 1, 2, 3, 8, 9, 10, 11}) {
      REQUIRE(after.value(i, j) == before.value(i, j));
      REQUIRE(after.gradients[0](i, j) == before.gradients[0](i, j));
    }
  }
}

TEMPLATE_TEST_CASE("a single token attends to itself",
                   "[packing]",
                   float,
                   double) {
  using T = TestType;
  const auto operation = attention_case<T>(layout_of({1, 1, 1}, 2), 4, 0);
  const auto found = differentiate(operation);
  REQUIRE(same_bits(found.value, operation.inputs[2]));
  REQUIRE(same_bits(found.gradients[0], zeros<T>(3, 8)));
  REQUIRE(same_bits(found.gradients[1], zeros<T>(3, 8)));
}

TEMPLATE_TEST_CASE("a bias of all keys changes nothing and has no gradient",
                   "[attention]",
                   float,
                   double) {
  using T = TestType;
  const auto layout = layout_of({5, 9}, 2);
  auto operation = attention_case<T>(layout, 4, 0);
  const auto before = differentiate(operation);
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t j = 0; j < 8; ++j) {
      double sum = 0;
      for (std::size_t i = layout.sequence_offsets[s];
           i < layout.sequence_offsets[s + 1]; ++i) {
        sum += before.gradients[1](i, j);
      }
      REQUIRE(std::abs(sum) < tolerance);
    }
  }
  for (std::size_t i = 0; i < 14; ++i) {
    for (std::size_t j = 0; j < 8; ++j) {
      operation.inputs[1](i, j) += static_cast<T>(j);
    }
  }
  const auto after = differentiate(operation);
  require_forward_equal(after.value, as_double(before.value), "biased keys");
}

TEMPLATE_TEST_CASE("equal keys attend equally", "[attention]", float, double) {
  using T = TestType;
  const Matrix<T> v{{1, 10}, {2, 20}, {6, 30}};
  const auto result = attention(random_matrix<T>(3, 2, 1), zeros<T>(3, 2), v,
                                layout_of({3}, 1), {}, KeepProbabilities::kNo);
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(result.context(i, 0) == Approx(3).epsilon(1e-6));
    REQUIRE(result.context(i, 1) == Approx(20).epsilon(1e-6));
  }
}

TEMPLATE_TEST_CASE("scores are divided by the root of the head size",
                   "[attention]",
                   float,
                   double) {
  using T = TestType;
  // Head size 4: scores (4, 0) / 2, so the first key's share is 1 / (1 + e⁻²).
  const Matrix<T> q{{1, 1, 1, 1}, {0, 0, 0, 0}};
  const Matrix<T> v{{1, 0, 0, 0}, {0, 0, 0, 0}};
  const auto result =
      attention(q, q, v, layout_of({2}, 1), {}, KeepProbabilities::kNo);
  REQUIRE(result.context(0, 0) ==
          Approx(1 / (1 + std::exp(-2.0))).epsilon(1e-6));
  REQUIRE(result.context(1, 0) == Approx(0.5).epsilon(1e-6));
}

TEMPLATE_TEST_CASE("scores too large for exp are no trouble",
                   "[attention]",
                   float,
                   double) {
  using T = TestType;
  const auto layout = layout_of({5, 3}, 2);
  auto operation = attention_case<T>(layout, 4, 0);
  for (T& value : values(operation.inputs[0])) {
    value *= 1000;
  }
  const auto found = differentiate(operation);
  REQUIRE(all_finite(found.value));
  for (const Matrix<T>& gradient : found.gradients) {
    REQUIRE(all_finite(gradient));
  }
}

TEMPLATE_TEST_CASE("dropout keeps or scales each probability",
                   "[attention][dropout]",
                   float,
                   double) {
  using T = TestType;
  const auto layout = layout_of({53, 90}, 2);
  const auto q = random_matrix<T>(143, 8, 1);
  const auto result =
      attention(q, q, q, layout, dropout_of(0.2), KeepProbabilities::kYes);
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < result.probabilities.size(); ++i) {
    const T before = values(result.probabilities)[i];
    const T after = values(result.dropped)[i];
    if (after == 0) {
      ++dropped;
    } else {
      REQUIRE(std::abs(after - T{1.25} * before) <= before * T{0x1p-20});
    }
  }
  const auto count = static_cast<double>(result.probabilities.size());
  REQUIRE(std::abs(static_cast<double>(dropped) / count - 0.2) <
          5 * std::sqrt(0.2 * 0.8 / count));
}

TEST_CASE("sequence offsets that go down or miss tokens are refused",
          "[attention]") {
  const auto x = random_matrix<float>(7, 4, 1);
  using Offsets = std::vector<std::size_t>;
  for (const Offsets& offsets :
       {Offsets{0, 5, 3, 7}, Offsets{0, 5}, Offsets{1, 7}, Offsets{}}) {
    REQUIRE_THROWS_AS(attention<float>(x, x, x, {offsets, 2}, std::nullopt,
                                       KeepProbabilities::kNo),
                      std::logic_error);
  }
}
