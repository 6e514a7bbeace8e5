#include "ch04_layers/matrix_product.hpp"

#include "ch01_tensor/blas.hpp"
#include "ch01_tensor/multiply_transposed.hpp"

namespace distilbert {
namespace {

template <class T>
Matrix<T> scaled(Matrix<T> x, T scale) {
  for (T& value : values(x)) {
    value *= scale;
  }
  return x;
}

}  // namespace

template <class T>
Variable<T> scaled_product_transposed(const Variable<T>& x,
                                      const Variable<T>& y,
                                      T scale) {
  Matrix<T> z = scaled(multiply_transposed(x.value(), y.value()), scale);
  Tape<T>* const tape = tape_of<T>({&x, &y});
  if (tape == nullptr) {
    return Variable<T>(std::move(z));
  }
  return tape->record({x, y}, std::move(z),
                      [x = x.shared_value(), y = y.shared_value(), scale](
                          const Matrix<T>& dz, InputGradients<T>& inputs) {
                        inputs.add(0, scaled(multiply(dz, *y), scale));
                        inputs.add(1,
                                   scaled(transposed_multiply(dz, *x), scale));
                      });
}

template <class T>
Variable<T> matrix_product(const Variable<T>& x, const Variable<T>& y) {
  Matrix<T> z = multiply(x.value(), y.value());
  Tape<T>* const tape = tape_of<T>({&x, &y});
  if (tape == nullptr) {
    return Variable<T>(std::move(z));
  }
  return tape->record({x, y}, std::move(z),
                      [x = x.shared_value(), y = y.shared_value()](
                          const Matrix<T>& dz, InputGradients<T>& inputs) {
                        inputs.add(0, multiply_transposed(dz, *y));
                        inputs.add(1, transposed_multiply(*x, dz));
                      });
}

template Variable<float> scaled_product_transposed(const Variable<float>&,
                                                   const Variable<float>&,
                                                   float);
template Variable<double> scaled_product_transposed(const Variable<double>&,
                                                    const Variable<double>&,
                                                    double);
template Variable<float> matrix_product(const Variable<float>&,
                                        const Variable<float>&);
template Variable<double> matrix_product(const Variable<double>&,
                                         const Variable<double>&);

}  // namespace distilbert
