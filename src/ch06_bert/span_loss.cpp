#include "ch06_bert/span_loss.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "ch03_autograd/record_loss.hpp"
#include "ch04_layers/softmax_cross_entropy.hpp"

namespace distilbert {
namespace {

// The logits of one column in one sequence, as a row of classes.
template <class T>
Matrix<T> as_row(const Matrix<T>& logits,
                 std::size_t first,
                 std::size_t last,
                 std::size_t column) {
  Matrix<T> classes = make_matrix<T>(1, last - first);
  for (std::size_t i = first; i < last; ++i) {
    classes(0, i - first) = logits(i, column);
  }
  return classes;
}

// The mean cross-entropy of one column; its gradient is added to dlogits.
template <class T>
T column_loss(const Matrix<T>& logits,
              const std::vector<std::size_t>& offsets,
              const std::vector<std::optional<std::size_t>>& positions,
              std::size_t column,
              Matrix<T>& dlogits) {
  T sum{0};
  std::size_t counted = 0;
  for (const auto& position : positions) {
    counted += position ? 1 : 0;
  }
  for (std::size_t s = 0; s < positions.size(); ++s) {
    const std::optional<std::size_t>& position = positions[s];
    if (!position) {
      continue;
    }
    const std::vector<std::int32_t> label{static_cast<std::int32_t>(*position)};
    const CrossEntropy<T> result = softmax_cross_entropy(
        as_row(logits, offsets[s], offsets[s + 1], column), label);
    sum += result.loss;
    const Matrix<T> gradient = softmax_cross_entropy_backward(
        T{1} / static_cast<T>(counted), result, label);
    for (std::size_t j = 0; j < gradient.size(); ++j) {
      dlogits(offsets[s] + j, column) += gradient(0, j);
    }
  }
  return sum / static_cast<T>(counted);
}

}  // namespace

template <class T>
Variable<T> span_loss(const Variable<T>& logits,
                      const std::vector<std::size_t>& sequence_offsets,
                      const std::vector<AnswerSpan>& answers) {
  require_shape(logits.value(), sequence_offsets.back(), 2, "span logits");
  require(answers.size() + 1 == sequence_offsets.size(),
          "{} answers for {} sequences", answers.size(),
          sequence_offsets.size() - 1);
  std::array<std::vector<std::optional<std::size_t>>, 2> positions;
  for (const AnswerSpan& answer : answers) {
    positions[0].push_back(answer.start);
    positions[1].push_back(answer.end);
  }
  Matrix<T> dlogits = zeros<T>(rows(logits.value()), 2);
  T loss{0};
  for (std::size_t column = 0; column < 2; ++column) {
    loss += column_loss(logits.value(), sequence_offsets, positions[column],
                        column, dlogits) /
            2;
  }
  for (T& value : values(dlogits)) {
    value /= 2;
  }
  return record_loss(logits, loss, std::move(dlogits));
}

template Variable<float> span_loss(const Variable<float>&,
                                   const std::vector<std::size_t>&,
                                   const std::vector<AnswerSpan>&);
template Variable<double> span_loss(const Variable<double>&,
                                    const std::vector<std::size_t>&,
                                    const std::vector<AnswerSpan>&);

}  // namespace distilbert
