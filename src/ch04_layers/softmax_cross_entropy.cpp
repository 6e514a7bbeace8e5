#include "ch04_layers/softmax_cross_entropy.hpp"

#include <algorithm>
#include <cmath>

#include "ch04_layers/softmax.hpp"

namespace distilbert {
namespace {

// log Σ exp(logits) - logits[label], where the softmax alone would underflow
// to log 0 for a label that the model thinks impossible.
template <class T>
double negative_log_likelihood(std::span<const T> logits, std::size_t label) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (const T logit : logits) {
    sum += std::exp(static_cast<double>(logit) - largest);
  }
  return std::log(sum) + largest - static_cast<double>(logits[label]);
}

}  // namespace

// --8<-- [start:softmax_cross_entropy]
template <class T>
CrossEntropy<T> softmax_cross_entropy(const Matrix<T>& logits,
                                      const std::vector<std::int32_t>& labels) {
  require(labels.size() == rows(logits), "{} labels for {} rows", labels.size(),
          rows(logits));
  double sum = 0;
  std::size_t counted = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == kIgnoredLabel) {
      continue;
    }
    const auto label = static_cast<std::size_t>(labels[i]);
    require(labels[i] >= 0 && label < columns(logits),
            "label {} for {} classes", labels[i], columns(logits));
    sum += negative_log_likelihood(row(logits, i), label);
    ++counted;
  }
  return {static_cast<T>(sum / static_cast<double>(counted)), softmax(logits),
          counted};
}

// --8<-- [end:softmax_cross_entropy]

template <class T>
Matrix<T> softmax_cross_entropy_backward(
    T dloss,
    const CrossEntropy<T>& result,
    const std::vector<std::int32_t>& labels) {
  const Matrix<T>& p = result.probabilities;
  const T scale = dloss / static_cast<T>(result.counted);
  Matrix<T> dlogits = make_matrix<T>(rows(p), columns(p));
  for (std::size_t i = 0; i < rows(p); ++i) {
    const auto d_row = row(dlogits, i);
    if (labels[i] == kIgnoredLabel) {
      std::ranges::fill(d_row, T{0});
      continue;
    }
    for (std::size_t j = 0; j < d_row.size(); ++j) {
      d_row[j] = scale * p(i, j);
    }
    d_row[static_cast<std::size_t>(labels[i])] -= scale;
  }
  return dlogits;
}

template <class T>
Variable<T> softmax_cross_entropy(const Variable<T>& logits,
                                  std::vector<std::int32_t> labels) {
  CrossEntropy<T> result = softmax_cross_entropy(logits.value(), labels);
  if (logits.tape() == nullptr) {
    return Variable<T>(scalar(result.loss));
  }
  Matrix<T> loss = scalar(result.loss);
  return logits.tape()->record(
      {logits}, std::move(loss),
      [result = std::move(result), labels = std::move(labels)](
          const Matrix<T>& dloss, InputGradients<T>& inputs) {
        inputs.add(0,
                   softmax_cross_entropy_backward(dloss(0, 0), result, labels));
      });
}

#define INSTANTIATE(T)                                              \
  template CrossEntropy<T> softmax_cross_entropy(                   \
      const Matrix<T>&, const std::vector<std::int32_t>&);          \
  template Matrix<T> softmax_cross_entropy_backward(                \
      T, const CrossEntropy<T>&, const std::vector<std::int32_t>&); \
  template Variable<T> softmax_cross_entropy(const Variable<T>&,    \
                                             std::vector<std::int32_t>);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
