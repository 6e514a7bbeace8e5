#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// y[i] = table[ids[i]]: one row of the table [entries, hidden] per id. Throws
/// std::logic_error for an id outside the table.
template <class T>
Matrix<T> embedding(const Matrix<T>& table,
                    const std::vector<std::int32_t>& ids);

/// Adds to the gradient of the table: dtable[ids[i]] += dy[i]. A row that is
/// looked up twice receives both. The row `padding_id` receives nothing, as in
/// the reference.
template <class T>
void embedding_backward(const Matrix<T>& dy,
                        const std::vector<std::int32_t>& ids,
                        std::optional<std::int32_t> padding_id,
                        Matrix<T>& table_gradient);

/// The same, recorded.
template <class T>
Variable<T> embedding(const Variable<T>& table,
                      std::vector<std::int32_t> ids,
                      std::optional<std::int32_t> padding_id = std::nullopt);

}  // namespace distilbert
