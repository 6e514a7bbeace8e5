#include "ch04_layers/softmax.hpp"

#include "ch04_layers/row_math.hpp"
#include "ch04_layers/special_functions.hpp"

namespace distilbert {

// --8<-- [start:softmax]
template <class T>
void softmax_row(std::span<T> scores) {
  const T largest = row_max<T>(scores);
  for (T& score : scores) {
    score -= largest;
  }
  exp_each(scores, scores);
  const T inverse_sum = T{1} / row_sum<T>(scores);
  for (T& score : scores) {
    score *= inverse_sum;
  }
}

// --8<-- [end:softmax]

template <class T>
Matrix<T> softmax(const Matrix<T>& scores) {
  Matrix<T> p = scores;
  parallel_rows(rows(p), columns(p), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      softmax_row(row(p, i));
    }
  });
  return p;
}

// --8<-- [start:softmax_backward]
template <class T>
Matrix<T> softmax_backward(const Matrix<T>& dp, const Matrix<T>& p) {
  require_shape(dp, rows(p), columns(p), "gradient of softmax");
  Matrix<T> ds = make_matrix<T>(rows(p), columns(p));
  for (std::size_t i = 0; i < rows(p); ++i) {
    const auto p_row = row(p, i);
    const auto dp_row = row(dp, i);
    const T weighted = row_dot(dp_row, p_row);
    for (std::size_t j = 0; j < p_row.size(); ++j) {
      ds(i, j) = p_row[j] * (dp_row[j] - weighted);
    }
  }
  return ds;
}

// --8<-- [end:softmax_backward]

template <class T>
Variable<T> softmax(const Variable<T>& scores) {
  auto p = std::make_shared<const Matrix<T>>(softmax(scores.value()));
  if (scores.tape() == nullptr) {
    return Variable<T>(p);
  }
  return scores.tape()->record(
      {scores}, *p, [p](const Matrix<T>& dp, InputGradients<T>& inputs) {
        inputs.add(0, softmax_backward(dp, *p));
      });
}

#define INSTANTIATE(T)                                                     \
  template void softmax_row(std::span<T>);                                 \
  template Matrix<T> softmax(const Matrix<T>&);                            \
  template Matrix<T> softmax_backward(const Matrix<T>&, const Matrix<T>&); \
  template Variable<T> softmax(const Variable<T>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
