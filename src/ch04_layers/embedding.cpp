#include "ch04_layers/embedding.hpp"

#include <algorithm>

namespace distilbert {

// --8<-- [start:embedding]
template <class T>
Matrix<T> embedding(const Matrix<T>& table,
                    const std::vector<std::int32_t>& ids) {
  Matrix<T> y = make_matrix<T>(ids.size(), columns(table));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto id = static_cast<std::size_t>(ids[i]);
    require(ids[i] >= 0 && id < rows(table), "id {} in a table of {} rows",
            ids[i], rows(table));
    std::ranges::copy(row(table, id), row(y, i).begin());
  }
  return y;
}

// --8<-- [end:embedding]

// --8<-- [start:embedding_backward]
template <class T>
void embedding_backward(const Matrix<T>& dy,
                        const std::vector<std::int32_t>& ids,
                        std::optional<std::int32_t> padding_id,
                        Matrix<T>& table_gradient) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == padding_id) {
      continue;
    }
    const auto sum = row(table_gradient, static_cast<std::size_t>(ids[i]));
    const auto dy_row = row(dy, i);
    for (std::size_t j = 0; j < sum.size(); ++j) {
      sum[j] += dy_row[j];
    }
  }
}

// --8<-- [end:embedding_backward]

template <class T>
Variable<T> embedding(const Variable<T>& table,
                      std::vector<std::int32_t> ids,
                      std::optional<std::int32_t> padding_id) {
  Matrix<T> y = embedding(table.value(), ids);
  if (table.tape() == nullptr) {
    return Variable<T>(std::move(y));
  }
  return table.tape()->record(
      {table}, std::move(y),
      [table = table.shared_value(), ids = std::move(ids), padding_id](
          const Matrix<T>& dy, InputGradients<T>& inputs) {
        // Added in place: a vocabulary's gradient is the largest of all.
        std::optional<Matrix<T>>& sum = inputs.sum(0);
        if (!sum) {
          sum = zeros<T>(rows(*table), columns(*table));
        }
        embedding_backward(dy, ids, padding_id, *sum);
      });
}

#define INSTANTIATE(T)                                                       \
  template Matrix<T> embedding(const Matrix<T>&,                             \
                               const std::vector<std::int32_t>&);            \
  template void embedding_backward(const Matrix<T>&,                         \
                                   const std::vector<std::int32_t>&,         \
                                   std::optional<std::int32_t>, Matrix<T>&); \
  template Variable<T> embedding(const Variable<T>&,                         \
                                 std::vector<std::int32_t>,                  \
                                 std::optional<std::int32_t>);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
