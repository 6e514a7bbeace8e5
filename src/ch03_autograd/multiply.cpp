#include "ch03_autograd/multiply.hpp"

namespace distilbert {
namespace {

template <class T>
Matrix<T> product(const Matrix<T>& x, const Matrix<T>& y) {
  require_shape(y, rows(x), columns(x), "multiply");
  Matrix<T> z = make_matrix<T>(rows(x), columns(x));
  for (std::size_t i = 0; i < z.size(); ++i) {
    values(z)[i] = values(x)[i] * values(y)[i];
  }
  return z;
}

}  // namespace

// --8<-- [start:multiply]
template <class T>
Variable<T> multiply(const Variable<T>& x, const Variable<T>& y) {
  Matrix<T> z = product(x.value(), y.value());
  Tape<T>* const tape = tape_of<T>({&x, &y});
  if (tape == nullptr) {
    return Variable<T>(std::move(z));
  }
  return tape->record({x, y}, std::move(z),
                      [x = x.shared_value(), y = y.shared_value()](
                          const Matrix<T>& dz, InputGradients<T>& inputs) {
                        if (inputs.wanted(0)) {
                          inputs.add(0, product(dz, *y));
                        }
                        if (inputs.wanted(1)) {
                          inputs.add(1, product(dz, *x));
                        }
                      });
}

// --8<-- [end:multiply]

template Variable<float> multiply(const Variable<float>&,
                                  const Variable<float>&);
template Variable<double> multiply(const Variable<double>&,
                                   const Variable<double>&);

}  // namespace distilbert
