#include "ch04_layers/hyperbolic_tangent.hpp"

#include "ch04_layers/special_functions.hpp"

namespace distilbert {

template <class T>
Variable<T> hyperbolic_tangent(const Variable<T>& x) {
  Matrix<T> y = make_matrix<T>(rows(x.value()), columns(x.value()));
  tanh_each(values(x.value()), values(y));
  if (x.tape() == nullptr) {
    return Variable<T>(std::move(y));
  }
  const auto saved = std::make_shared<const Matrix<T>>(y);
  return x.tape()->record(
      {x}, std::move(y),
      [y = saved](const Matrix<T>& dy, InputGradients<T>& inputs) {
        Matrix<T> dx = make_matrix<T>(rows(dy), columns(dy));
        for (std::size_t i = 0; i < dx.size(); ++i) {
          const T y_i = values(*y)[i];
          values(dx)[i] = values(dy)[i] * (T{1} - y_i * y_i);
        }
        inputs.add(0, std::move(dx));
      });
}

template Variable<float> hyperbolic_tangent(const Variable<float>&);
template Variable<double> hyperbolic_tangent(const Variable<double>&);

}  // namespace distilbert
