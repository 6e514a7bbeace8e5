#include "ch04_layers/dropout.hpp"

namespace distilbert {

// --8<-- [start:dropout]
template <class T>
Matrix<T> dropout(const Matrix<T>& x, const DropoutMask& mask) {
  require_shape(x, mask.rows, mask.columns, "dropout");
  const auto scale = static_cast<T>(mask.scale);
  Matrix<T> y = make_matrix<T>(rows(x), columns(x));
  for (std::size_t i = 0; i < y.size(); ++i) {
    values(y)[i] = mask.keep[i] != 0 ? scale * values(x)[i] : T{0};
  }
  return y;
}

// --8<-- [end:dropout]

template <class T>
Variable<T> dropout(const Variable<T>& x, std::optional<DropoutMask> mask) {
  if (!mask) {
    return x;
  }
  Matrix<T> y = dropout(x.value(), *mask);
  if (x.tape() == nullptr) {
    return Variable<T>(std::move(y));
  }
  return x.tape()->record({x}, std::move(y),
                          [mask = std::move(*mask)](const Matrix<T>& dy,
                                                    InputGradients<T>& inputs) {
                            inputs.add(0, dropout(dy, mask));
                          });
}

template Matrix<float> dropout(const Matrix<float>&, const DropoutMask&);
template Matrix<double> dropout(const Matrix<double>&, const DropoutMask&);
template Variable<float> dropout(const Variable<float>&,
                                 std::optional<DropoutMask>);
template Variable<double> dropout(const Variable<double>&,
                                  std::optional<DropoutMask>);

}  // namespace distilbert
