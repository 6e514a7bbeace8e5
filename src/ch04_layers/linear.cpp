#include "ch04_layers/linear.hpp"

#include <algorithm>

#include "ch01_tensor/blas.hpp"
#include "ch04_layers/column_sums.hpp"

namespace distilbert {

// --8<-- [start:linear]
template <class T>
Matrix<T> linear(const Matrix<T>& x,
                 const Matrix<T>& weight,
                 const Matrix<T>& bias) {
  require_shape(bias, 1, rows(weight), "bias of linear");
  Matrix<T> y = make_matrix<T>(rows(x), rows(weight));
  for (std::size_t i = 0; i < rows(y); ++i) {
    std::ranges::copy(row(bias, 0), row(y, i).begin());
  }
  gemm<T>(Transpose::kNo, Transpose::kYes, x, weight, T{1}, y);
  return y;
}

// --8<-- [end:linear]

// --8<-- [start:linear_backward]
template <class T>
LinearGradients<T> linear_backward(const Matrix<T>& dy,
                                   const Matrix<T>& x,
                                   const Matrix<T>& weight) {
  return {multiply(dy, weight), transposed_multiply(dy, x), column_sums(dy)};
}

// --8<-- [end:linear_backward]

template <class T>
Variable<T> linear(const Variable<T>& x,
                   const Variable<T>& weight,
                   const Variable<T>& bias) {
  Matrix<T> y = linear(x.value(), weight.value(), bias.value());
  Tape<T>* const tape = tape_of<T>({&x, &weight, &bias});
  if (tape == nullptr) {
    return Variable<T>(std::move(y));
  }
  return tape->record({x, weight, bias}, std::move(y),
                      [x = x.shared_value(), weight = weight.shared_value()](
                          const Matrix<T>& dy, InputGradients<T>& inputs) {
                        LinearGradients<T> gradients =
                            linear_backward(dy, *x, *weight);
                        inputs.add(0, std::move(gradients.x));
                        inputs.add(1, std::move(gradients.weight));
                        inputs.add(2, std::move(gradients.bias));
                      });
}

template Matrix<float> linear(const Matrix<float>&,
                              const Matrix<float>&,
                              const Matrix<float>&);
template Matrix<double> linear(const Matrix<double>&,
                               const Matrix<double>&,
                               const Matrix<double>&);
template LinearGradients<float> linear_backward(const Matrix<float>&,
                                                const Matrix<float>&,
                                                const Matrix<float>&);
template LinearGradients<double> linear_backward(const Matrix<double>&,
                                                 const Matrix<double>&,
                                                 const Matrix<double>&);
template Variable<float> linear(const Variable<float>&,
                                const Variable<float>&,
                                const Variable<float>&);
template Variable<double> linear(const Variable<double>&,
                                 const Variable<double>&,
                                 const Variable<double>&);

}  // namespace distilbert
