#include "ch04_layers/gelu.hpp"

#include <numbers>

#include "ch04_layers/row_math.hpp"
#include "ch04_layers/special_functions.hpp"

namespace distilbert {

// --8<-- [start:gelu]
template <class T>
Matrix<T> gelu(const Matrix<T>& x) {
  constexpr T kInverseRoot2 = 1 / std::numbers::sqrt2_v<T>;
  Matrix<T> y = make_matrix<T>(rows(x), columns(x));
  parallel_rows(rows(x), columns(x), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto x_row = row(x, i);
      const auto y_row = row(y, i);
      for (std::size_t j = 0; j < x_row.size(); ++j) {
        y_row[j] = x_row[j] * kInverseRoot2;
      }
      erf_each(y_row, y_row);
      for (std::size_t j = 0; j < x_row.size(); ++j) {
        y_row[j] = x_row[j] * (T{1} + y_row[j]) / 2;
      }
    }
  });
  return y;
}

// --8<-- [end:gelu]

// --8<-- [start:gelu_backward]
template <class T>
Matrix<T> gelu_backward(const Matrix<T>& dy, const Matrix<T>& x) {
  constexpr T kInverseRoot2 = 1 / std::numbers::sqrt2_v<T>;
  const T inverse_root_2_pi = kInverseRoot2 * std::numbers::inv_sqrtpi_v<T>;
  require_shape(dy, rows(x), columns(x), "gradient of gelu");
  Matrix<T> dx = make_matrix<T>(rows(x), columns(x));
  parallel_rows(rows(x), columns(x), [&](std::size_t begin, std::size_t end) {
    Matrix<T> density = make_matrix<T>(1, columns(x));
    for (std::size_t i = begin; i < end; ++i) {
      const auto x_row = row(x, i);
      const auto dy_row = row(dy, i);
      const auto dx_row = row(dx, i);
      const auto density_row = row(density, 0);
      for (std::size_t j = 0; j < x_row.size(); ++j) {
        density_row[j] = x_row[j] * x_row[j] * T{-0.5};
        dx_row[j] = x_row[j] * kInverseRoot2;
      }
      exp_each(density_row, density_row);
      erf_each(dx_row, dx_row);
      for (std::size_t j = 0; j < x_row.size(); ++j) {
        const T cumulative = (T{1} + dx_row[j]) / 2;
        dx_row[j] = dy_row[j] * (cumulative +
                                 x_row[j] * inverse_root_2_pi * density_row[j]);
      }
    }
  });
  return dx;
}

// --8<-- [end:gelu_backward]

template <class T>
Variable<T> gelu(const Variable<T>& x) {
  Matrix<T> y = gelu(x.value());
  if (x.tape() == nullptr) {
    return Variable<T>(std::move(y));
  }
  return x.tape()->record(
      {x}, std::move(y),
      [x = x.shared_value()](const Matrix<T>& dy, InputGradients<T>& inputs) {
        inputs.add(0, gelu_backward(dy, *x));
      });
}

template Matrix<float> gelu(const Matrix<float>&);
template Matrix<double> gelu(const Matrix<double>&);
template Matrix<float> gelu_backward(const Matrix<float>&,
                                     const Matrix<float>&);
template Matrix<double> gelu_backward(const Matrix<double>&,
                                      const Matrix<double>&);
template Variable<float> gelu(const Variable<float>&);
template Variable<double> gelu(const Variable<double>&);

}  // namespace distilbert
