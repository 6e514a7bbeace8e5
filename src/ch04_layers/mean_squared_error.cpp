#include "ch04_layers/mean_squared_error.hpp"

#include "ch01_tensor/mean_squared_difference.hpp"

namespace distilbert {

template <class T>
Variable<T> mean_squared_error(const Variable<T>& predictions,
                               Matrix<T> targets) {
  const T loss = mean_squared_difference(predictions.value(), targets);
  if (predictions.tape() == nullptr) {
    return Variable<T>(scalar(loss));
  }
  return predictions.tape()->record(
      {predictions}, scalar(loss),
      [p = predictions.shared_value(), targets = std::move(targets)](
          const Matrix<T>& dloss, InputGradients<T>& inputs) {
        const T scale = 2 * dloss(0, 0) / static_cast<T>(p->size());
        Matrix<T> dp = make_matrix<T>(rows(*p), columns(*p));
        for (std::size_t i = 0; i < dp.size(); ++i) {
          values(dp)[i] = scale * (values(*p)[i] - values(targets)[i]);
        }
        inputs.add(0, std::move(dp));
      });
}

template Variable<float> mean_squared_error(const Variable<float>&,
                                            Matrix<float>);
template Variable<double> mean_squared_error(const Variable<double>&,
                                             Matrix<double>);

}  // namespace distilbert
