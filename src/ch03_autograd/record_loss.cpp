#include "ch03_autograd/record_loss.hpp"

#include <utility>

namespace distilbert {

template <class T>
Variable<T> record_loss(const Variable<T>& x, T loss, Matrix<T> gradient) {
  if (x.tape() == nullptr) {
    return Variable<T>(scalar(loss));
  }
  return x.tape()->record(
      {x}, scalar(loss),
      [gradient = std::move(gradient)](const Matrix<T>& dloss,
                                       InputGradients<T>& inputs) {
        Matrix<T> dx = gradient;
        for (T& value : values(dx)) {
          value *= dloss(0, 0);
        }
        inputs.add(0, std::move(dx));
      });
}

template Variable<float> record_loss(const Variable<float>&,
                                     float,
                                     Matrix<float>);
template Variable<double> record_loss(const Variable<double>&,
                                      double,
                                      Matrix<double>);

}  // namespace distilbert
