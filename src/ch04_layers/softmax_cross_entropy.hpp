#pragma once

#include <cstdint>
#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// The label of a row that doesn't count.
inline constexpr std::int32_t kIgnoredLabel = -100;

/// The loss, with what its backward pass reads.
template <class T>
struct CrossEntropy {
  T loss = 0;               ///< mean over the rows that count
  Matrix<T> probabilities;  ///< softmax of the logits [rows, classes]
  std::size_t counted = 0;  ///< rows whose label isn't kIgnoredLabel
};

/// The mean over the rows of -log softmax(logits)[label], from logits
/// [rows, classes] and one label per row. Rows labelled kIgnoredLabel don't
/// count; where none counts the loss is 0/0, NaN, as in the reference. Throws
/// std::logic_error for any other label outside [0, classes).
template <class T>
CrossEntropy<T> softmax_cross_entropy(const Matrix<T>& logits,
                                      const std::vector<std::int32_t>& labels);

/// dlogits = dloss · (p - onehot(label)) / counted; 0 in rows that don't count.
template <class T>
Matrix<T> softmax_cross_entropy_backward(
    T dloss,
    const CrossEntropy<T>& result,
    const std::vector<std::int32_t>& labels);

/// The loss, recorded, as a [1, 1] variable.
template <class T>
Variable<T> softmax_cross_entropy(const Variable<T>& logits,
                                  std::vector<std::int32_t> labels);

}  // namespace distilbert
