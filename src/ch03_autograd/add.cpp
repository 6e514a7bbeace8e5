#include "ch03_autograd/add.hpp"

namespace distilbert {

template <class T>
Matrix<T> add(const Matrix<T>& x, const Matrix<T>& y) {
  require_shape(y, rows(x), columns(x), "add");
  Matrix<T> z = make_matrix<T>(rows(x), columns(x));
  for (std::size_t i = 0; i < z.size(); ++i) {
    values(z)[i] = values(x)[i] + values(y)[i];
  }
  return z;
}

template <class T>
Variable<T> add(const Variable<T>& x, const Variable<T>& y) {
  Matrix<T> z = add(x.value(), y.value());
  Tape<T>* const tape = tape_of<T>({&x, &y});
  if (tape == nullptr) {
    return Variable<T>(std::move(z));
  }
  return tape->record({x, y}, std::move(z),
                      [](const Matrix<T>& dz, InputGradients<T>& inputs) {
                        inputs.add(0, dz);
                        inputs.add(1, dz);
                      });
}

template Matrix<float> add(const Matrix<float>&, const Matrix<float>&);
template Matrix<double> add(const Matrix<double>&, const Matrix<double>&);
template Variable<float> add(const Variable<float>&, const Variable<float>&);
template Variable<double> add(const Variable<double>&, const Variable<double>&);

}  // namespace distilbert
