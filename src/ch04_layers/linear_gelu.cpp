#include "ch04_layers/linear_gelu.hpp"

#include "ch04_layers/gelu.hpp"
#include "ch04_layers/linear.hpp"

namespace distilbert {

template <class T>
Variable<T> linear_gelu(const Variable<T>& x,
                        const Variable<T>& weight,
                        const Variable<T>& bias) {
  Matrix<T> pre_activation = linear(x.value(), weight.value(), bias.value());
  Matrix<T> y = gelu(pre_activation);
  Tape<T>* const tape = tape_of<T>({&x, &weight, &bias});
  if (tape == nullptr) {
    return Variable<T>(std::move(y));
  }
  return tape->record({x, weight, bias}, std::move(y),
                      [x = x.shared_value(), weight = weight.shared_value(),
                       pre_activation = std::move(pre_activation)](
                          const Matrix<T>& dy, InputGradients<T>& inputs) {
                        LinearGradients<T> gradients = linear_backward(
                            gelu_backward(dy, pre_activation), *x, *weight);
                        inputs.add(0, std::move(gradients.x));
                        inputs.add(1, std::move(gradients.weight));
                        inputs.add(2, std::move(gradients.bias));
                      });
}

template <class T>
Variable<T> plain_linear_gelu(const Variable<T>& x,
                              const Variable<T>& weight,
                              const Variable<T>& bias) {
  return gelu(linear(x, weight, bias));
}

#define INSTANTIATE(T)                                                     \
  template Variable<T> linear_gelu(const Variable<T>&, const Variable<T>&, \
                                   const Variable<T>&);                    \
  template Variable<T> plain_linear_gelu(                                  \
      const Variable<T>&, const Variable<T>&, const Variable<T>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
