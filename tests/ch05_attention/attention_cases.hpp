#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "ch05_attention/attention.hpp"
#include "ch05_attention/plain_attention.hpp"
#include "operation_case.hpp"

namespace distilbert::testing {

template <class T>
using Inputs = std::vector<Variable<T>>;

/// The layout of sequences of these lengths.
inline AttentionLayout layout_of(const std::vector<std::size_t>& lengths,
                                 std::size_t heads) {
  AttentionLayout layout{{0}, heads};
  for (const std::size_t length : lengths) {
    layout.sequence_offsets.push_back(layout.sequence_offsets.back() + length);
  }
  return layout;
}

/// Dropout with this probability; nothing for 0.
inline std::optional<AttentionDropout> dropout_of(double probability) {
  if (probability == 0) {
    return std::nullopt;
  }
  return AttentionDropout{
      RandomSource(9, RandomPurpose::kAttentionDropout, 10, 11), probability};
}

/// Attention on random queries, keys and values.
template <class T>
OperationCase<T> attention_case(const AttentionLayout& layout,
                                std::size_t head_size,
                                double probability) {
  const std::size_t tokens = layout.sequence_offsets.back();
  const std::size_t hidden = layout.heads * head_size;
  return {
      "attention with dropout " + std::to_string(probability),
      {random_matrix<T>(tokens, hidden, 1), random_matrix<T>(tokens, hidden, 2),
       random_matrix<T>(tokens, hidden, 3)},
      [=](const Inputs<T>& in) {
        return attention(in[0], in[1], in[2], layout, dropout_of(probability));
      }};
}

/// The plain composition of the same.
template <class T>
OperationCase<T> plain_attention_case(const AttentionLayout& layout,
                                      std::size_t head_size,
                                      double probability) {
  OperationCase<T> plain = attention_case<T>(layout, head_size, probability);
  plain.name = "plain " + plain.name;
  plain.apply = [=](const Inputs<T>& in) {
    return plain_attention(in[0], in[1], in[2], layout,
                           dropout_of(probability));
  };
  return plain;
}

/// Rows [begin, end) of a matrix.
template <class T>
Matrix<T> rows_of(const Matrix<T>& matrix, std::size_t begin, std::size_t end) {
  Matrix<T> some = make_matrix<T>(end - begin, columns(matrix));
  for (std::size_t i = begin; i < end; ++i) {
    std::ranges::copy(row(matrix, i), row(some, i - begin).begin());
  }
  return some;
}

}  // namespace distilbert::testing
