#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// The sum of each column of x [m, n], as a row vector [1, n], added up in the
/// order of the rows whatever the number of threads.
template <class T>
Matrix<T> column_sums(const Matrix<T>& x);

}  // namespace distilbert
