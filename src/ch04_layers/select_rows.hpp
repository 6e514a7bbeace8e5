#pragma once

#include <cstddef>
#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// y[i] = x[chosen[i]]: some rows of x [tokens, hidden], such as the first of
/// each sequence, as [chosen, hidden]. Recorded: the gradient of a row of x is
/// the sum of those of its copies.
template <class T>
Variable<T> select_rows(const Variable<T>& x, std::vector<std::size_t> chosen);

}  // namespace distilbert
