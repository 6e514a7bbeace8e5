#include "ch04_layers/blocks.hpp"

#include <algorithm>

namespace distilbert {
namespace {

template <class T>
Matrix<T> cut(const Matrix<T>& x, const BlockPlace& place) {
  require(place.first_row + place.rows <= rows(x) &&
              place.first_column + place.columns <= columns(x),
          "a block that ends at ({}, {}) of a [{}, {}] matrix",
          place.first_row + place.rows, place.first_column + place.columns,
          rows(x), columns(x));
  Matrix<T> block = make_matrix<T>(place.rows, place.columns);
  for (std::size_t i = 0; i < place.rows; ++i) {
    std::ranges::copy(
        row(x, place.first_row + i).subspan(place.first_column, place.columns),
        row(block, i).begin());
  }
  return block;
}

template <class T>
void paste(const Matrix<T>& block, const BlockPlace& place, Matrix<T>& x) {
  require_shape(block, place.rows, place.columns, "block");
  for (std::size_t i = 0; i < place.rows; ++i) {
    std::ranges::copy(
        row(block, i),
        row(x, place.first_row + i).subspan(place.first_column).begin());
  }
}

}  // namespace

template <class T>
Variable<T> cut_block(const Variable<T>& x, const BlockPlace& place) {
  Matrix<T> block = cut(x.value(), place);
  if (x.tape() == nullptr) {
    return Variable<T>(std::move(block));
  }
  return x.tape()->record(
      {x}, std::move(block),
      [height = rows(x.value()), width = columns(x.value()), place](
          const Matrix<T>& dblock, InputGradients<T>& inputs) {
        Matrix<T> dx = zeros<T>(height, width);
        paste(dblock, place, dx);
        inputs.add(0, std::move(dx));
      });
}

template <class T>
Variable<T> join_blocks(const std::vector<Variable<T>>& blocks,
                        const std::vector<BlockPlace>& places,
                        std::size_t rows,
                        std::size_t columns) {
  Matrix<T> joined = make_matrix<T>(rows, columns);
  Tape<T>* tape = nullptr;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    paste(blocks[i].value(), places[i], joined);
    tape = tape == nullptr ? blocks[i].tape() : tape;
  }
  if (tape == nullptr) {
    return Variable<T>(std::move(joined));
  }
  return tape->record(
      blocks, std::move(joined),
      [places](const Matrix<T>& djoined, InputGradients<T>& inputs) {
        for (std::size_t i = 0; i < places.size(); ++i) {
          inputs.add(i, cut(djoined, places[i]));
        }
      });
}

template Variable<float> cut_block(const Variable<float>&, const BlockPlace&);
template Variable<float> join_blocks(const std::vector<Variable<float>>&,
                                     const std::vector<BlockPlace>&,
                                     std::size_t,
                                     std::size_t);
template Variable<double> cut_block(const Variable<double>&, const BlockPlace&);
template Variable<double> join_blocks(const std::vector<Variable<double>>&,
                                      const std::vector<BlockPlace>&,
                                      std::size_t,
                                      std::size_t);

}  // namespace distilbert
