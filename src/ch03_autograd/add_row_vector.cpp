#include "ch03_autograd/add_row_vector.hpp"

namespace distilbert {

template <class T>
Matrix<T> add_row_vector(const Matrix<T>& x, const Matrix<T>& v) {
  require_shape(v, 1, columns(x), "row vector");
  Matrix<T> y = x;
  for (std::size_t i = 0; i < rows(y); ++i) {
    const auto y_row = row(y, i);
    for (std::size_t j = 0; j < y_row.size(); ++j) {
      y_row[j] += v(0, j);
    }
  }
  return y;
}

// --8<-- [start:add_row_vector_backward]
template <class T>
Matrix<T> add_row_vector_backward(const Matrix<T>& dy) {
  Matrix<T> dv = zeros<T>(1, columns(dy));
  for (std::size_t i = 0; i < rows(dy); ++i) {
    for (std::size_t j = 0; j < columns(dy); ++j) {
      dv(0, j) += dy(i, j);
    }
  }
  return dv;
}

// --8<-- [end:add_row_vector_backward]

template <class T>
Variable<T> add_row_vector(const Variable<T>& x, const Variable<T>& v) {
  Matrix<T> y = add_row_vector(x.value(), v.value());
  Tape<T>* const tape = tape_of<T>({&x, &v});
  if (tape == nullptr) {
    return Variable<T>(std::move(y));
  }
  return tape->record({x, v}, std::move(y),
                      [](const Matrix<T>& dy, InputGradients<T>& inputs) {
                        inputs.add(0, dy);
                        inputs.add(1, add_row_vector_backward(dy));
                      });
}

template Matrix<float> add_row_vector(const Matrix<float>&,
                                      const Matrix<float>&);
template Matrix<double> add_row_vector(const Matrix<double>&,
                                       const Matrix<double>&);
template Matrix<float> add_row_vector_backward(const Matrix<float>&);
template Matrix<double> add_row_vector_backward(const Matrix<double>&);
template Variable<float> add_row_vector(const Variable<float>&,
                                        const Variable<float>&);
template Variable<double> add_row_vector(const Variable<double>&,
                                         const Variable<double>&);

}  // namespace distilbert
