#include "ch04_layers/relu.hpp"

namespace distilbert {

template <class T>
Variable<T> relu(const Variable<T>& x) {
  Matrix<T> y = make_matrix<T>(rows(x.value()), columns(x.value()));
  for (std::size_t i = 0; i < y.size(); ++i) {
    const T x_i = values(x.value())[i];
    values(y)[i] = x_i > 0 ? x_i : T{0};
  }
  if (x.tape() == nullptr) {
    return Variable<T>(std::move(y));
  }
  return x.tape()->record(
      {x}, std::move(y),
      [x = x.shared_value()](const Matrix<T>& dy, InputGradients<T>& inputs) {
        Matrix<T> dx = make_matrix<T>(rows(dy), columns(dy));
        for (std::size_t i = 0; i < dx.size(); ++i) {
          values(dx)[i] = values(*x)[i] > 0 ? values(dy)[i] : T{0};
        }
        inputs.add(0, std::move(dx));
      });
}

template Variable<float> relu(const Variable<float>&);
template Variable<double> relu(const Variable<double>&);

}  // namespace distilbert
