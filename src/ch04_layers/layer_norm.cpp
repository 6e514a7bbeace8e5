#include "ch04_layers/layer_norm.hpp"

#include <cmath>

#include "ch04_layers/column_sums.hpp"
#include "ch04_layers/row_math.hpp"

namespace distilbert {
namespace {

// Normalises one row into `normalized` and returns 1 / √(variance + eps).
template <class T>
T normalize_row(std::span<const T> x, double eps, std::span<T> normalized) {
  const auto size = static_cast<T>(x.size());
  // --8<-- [start:centre_first]
  const T mean = row_sum(x) / size;
  for (std::size_t j = 0; j < x.size(); ++j) {
    normalized[j] = x[j] - mean;
  }
  const std::span<const T> centred = normalized;
  const T variance = row_dot(centred, centred) / size;
  // --8<-- [end:centre_first]
  const T inverse_deviation =
      static_cast<T>(1 / std::sqrt(static_cast<double>(variance) + eps));
  for (std::size_t j = 0; j < x.size(); ++j) {
    normalized[j] *= inverse_deviation;
  }
  return inverse_deviation;
}

}  // namespace

// --8<-- [start:layer_norm]
template <class T>
LayerNormResult<T> layer_norm(const Matrix<T>& x,
                              const Matrix<T>& gain,
                              const Matrix<T>& bias,
                              double eps) {
  require_shape(gain, 1, columns(x), "gain of layer_norm");
  require_shape(bias, 1, columns(x), "bias of layer_norm");
  LayerNormResult<T> result{make_matrix<T>(rows(x), columns(x)),
                            make_matrix<T>(rows(x), columns(x)),
                            make_matrix<T>(1, rows(x))};
  parallel_rows(rows(x), columns(x), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto normalized = row(result.normalized, i);
      result.inverse_deviations(0, i) =
          normalize_row<T>(row(x, i), eps, normalized);
      const auto y = row(result.y, i);
      for (std::size_t j = 0; j < y.size(); ++j) {
        y[j] = gain(0, j) * normalized[j] + bias(0, j);
      }
    }
  });
  return result;
}

// --8<-- [end:layer_norm]

// --8<-- [start:layer_norm_backward]
template <class T>
LayerNormGradients<T> layer_norm_backward(const Matrix<T>& dy,
                                          const LayerNormResult<T>& result,
                                          const Matrix<T>& gain) {
  const Matrix<T>& normalized = result.normalized;
  require_shape(dy, rows(normalized), columns(normalized),
                "gradient of layer_norm");
  const auto size = static_cast<T>(columns(dy));
  Matrix<T> dx = make_matrix<T>(rows(dy), columns(dy));
  Matrix<T> gain_terms = make_matrix<T>(rows(dy), columns(dy));
  parallel_rows(rows(dy), columns(dy), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto dx_row = row(dx, i);
      const auto gain_term = row(gain_terms, i);
      const auto x_hat = row(normalized, i);
      for (std::size_t j = 0; j < dx_row.size(); ++j) {
        gain_term[j] = dy(i, j) * x_hat[j];
        dx_row[j] = dy(i, j) * gain(0, j);
      }
      const std::span<const T> g = dx_row;
      const T mean_g = row_sum(g) / size;
      const T mean_g_x_hat = row_dot(g, x_hat) / size;
      const T inverse_deviation = result.inverse_deviations(0, i);
      for (std::size_t j = 0; j < dx_row.size(); ++j) {
        dx_row[j] =
            (dx_row[j] - mean_g - x_hat[j] * mean_g_x_hat) * inverse_deviation;
      }
    }
  });
  return {std::move(dx), column_sums(gain_terms), column_sums(dy)};
}

// --8<-- [end:layer_norm_backward]

template <class T>
Variable<T> layer_norm(const Variable<T>& x,
                       const Variable<T>& gain,
                       const Variable<T>& bias,
                       double eps) {
  LayerNormResult<T> result =
      layer_norm(x.value(), gain.value(), bias.value(), eps);
  Matrix<T> y = std::move(result.y);
  Tape<T>* const tape = tape_of<T>({&x, &gain, &bias});
  if (tape == nullptr) {
    return Variable<T>(std::move(y));
  }
  return tape->record({x, gain, bias}, std::move(y),
                      [result = std::move(result), gain = gain.shared_value()](
                          const Matrix<T>& dy, InputGradients<T>& inputs) {
                        LayerNormGradients<T> gradients =
                            layer_norm_backward(dy, result, *gain);
                        inputs.add(0, std::move(gradients.x));
                        inputs.add(1, std::move(gradients.gain));
                        inputs.add(2, std::move(gradients.bias));
                      });
}

#define INSTANTIATE(T)                                                       \
  template LayerNormResult<T> layer_norm(const Matrix<T>&, const Matrix<T>&, \
                                         const Matrix<T>&, double);          \
  template LayerNormGradients<T> layer_norm_backward(                        \
      const Matrix<T>&, const LayerNormResult<T>&, const Matrix<T>&);        \
  template Variable<T> layer_norm(const Variable<T>&, const Variable<T>&,    \
                                  const Variable<T>&, double);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
