#pragma once

#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <xtensor/xtensor.hpp>

#include "ch01_tensor/buffer.hpp"
#include "common/error.hpp"

namespace distilbert {

/// The tensor of this project: an xtensor container with two dimensions,
/// row-major, whose memory is recycled (see Buffer).
///
/// Activations are [tokens, features], weights [out, in] as in checkpoints. A
/// bias or any other vector is one row, [1, n]; a scalar is [1, 1].
template <class T>
using Matrix = xt::xtensor_container<Buffer<T>, 2, xt::layout_type::row_major>;

// --8<-- [start:make_matrix]
/// A [rows, columns] matrix whose elements are not initialised.
template <class T>
Matrix<T> make_matrix(std::size_t rows, std::size_t columns) {
  return Matrix<T>(typename Matrix<T>::shape_type{rows, columns});
}

// --8<-- [end:make_matrix]

/// A [rows, columns] matrix of zeros.
template <class T>
Matrix<T> zeros(std::size_t rows, std::size_t columns) {
  return Matrix<T>(typename Matrix<T>::shape_type{rows, columns}, T{0});
}

/// A [rows, columns] matrix over memory of somebody else (a mapped file), who
/// lives as long as `keep_alive`. `values` holds rows * columns elements.
template <class T>
Matrix<T> borrow_matrix(std::span<T> values,
                        std::size_t rows,
                        std::size_t columns,
                        std::shared_ptr<const void> keep_alive) {
  require(values.size() == rows * columns, "{} values for a [{}, {}] matrix",
          values.size(), rows, columns);
  return Matrix<T>(
      Buffer<T>(values.data(), values.size(), std::move(keep_alive)),
      typename Matrix<T>::inner_shape_type{rows, columns},
      typename Matrix<T>::inner_strides_type{
          rows == 1 ? 0 : static_cast<std::ptrdiff_t>(columns),
          columns == 1 ? 0 : 1});
}

/// The [1, 1] matrix of one number, and the number of a [1, 1] matrix.
template <class T>
Matrix<T> scalar(T value) {
  return Matrix<T>(typename Matrix<T>::shape_type{1, 1}, value);
}

template <class Container>
std::size_t rows(const Container& matrix) {
  return matrix.shape(0);
}

template <class Container>
std::size_t columns(const Container& matrix) {
  return matrix.shape(1);
}

/// All elements of a matrix, row after row.
template <class T>
std::span<T> values(Matrix<T>& matrix) {
  return {matrix.data(), matrix.size()};
}

template <class T>
std::span<const T> values(const Matrix<T>& matrix) {
  return {matrix.data(), matrix.size()};
}

/// Row `i` of a matrix; checked in debug builds.
template <class T>
std::span<T> row(Matrix<T>& matrix, std::size_t i) {
  assert(i < rows(matrix));
  return {matrix.data() + i * columns(matrix), columns(matrix)};
}

template <class T>
std::span<const T> row(const Matrix<T>& matrix, std::size_t i) {
  assert(i < rows(matrix));
  return {matrix.data() + i * columns(matrix), columns(matrix)};
}

/// Throws std::logic_error unless `matrix` is [rows, columns].
template <class T>
void require_shape(const Matrix<T>& matrix,
                   std::size_t expected_rows,
                   std::size_t expected_columns,
                   const char* name) {
  require(rows(matrix) == expected_rows && columns(matrix) == expected_columns,
          "{}: expected shape [{}, {}], found [{}, {}]", name, expected_rows,
          expected_columns, rows(matrix), columns(matrix));
}

}  // namespace distilbert
