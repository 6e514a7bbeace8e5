#include "ch04_layers/residual_layer_norm.hpp"

#include "ch03_autograd/add.hpp"
#include "ch04_layers/layer_norm.hpp"
#include "ch04_layers/row_math.hpp"

namespace distilbert {
namespace {

// One row at a time: where a vector loop ends decides how its last elements are
// rounded, and that must not depend on the thread that has the row.
template <class T>
void add_dropped_row(std::span<const T> x,
                     std::span<const T> residual,
                     const std::optional<DropoutMask>& mask,
                     std::size_t number,
                     std::span<T> sum) {
  if (!mask) {
    for (std::size_t j = 0; j < sum.size(); ++j) {
      sum[j] = x[j] + residual[j];
    }
    return;
  }
  const auto scale = static_cast<T>(mask->scale);
  const std::uint8_t* const keep = mask->keep.data() + number * mask->columns;
  for (std::size_t j = 0; j < sum.size(); ++j) {
    sum[j] = (keep[j] != 0 ? scale * x[j] : T{0}) + residual[j];
  }
}

template <class T>
Matrix<T> dropped_sum(const Matrix<T>& x,
                      const Matrix<T>& residual,
                      const std::optional<DropoutMask>& mask) {
  require_shape(residual, rows(x), columns(x), "residual");
  Matrix<T> sum = make_matrix<T>(rows(x), columns(x));
  parallel_rows(rows(x), columns(x), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      add_dropped_row<T>(row(x, i), row(residual, i), mask, i, row(sum, i));
    }
  });
  return sum;
}

}  // namespace

template <class T>
Variable<T> residual_layer_norm(const Variable<T>& x,
                                const Variable<T>& residual,
                                const LayerNormVariables<T>& norm,
                                std::optional<DropoutMask> mask) {
  LayerNormResult<T> result =
      layer_norm(dropped_sum(x.value(), residual.value(), mask),
                 norm.gain.value(), norm.bias.value(), norm.eps);
  Matrix<T> y = std::move(result.y);
  Tape<T>* const tape = tape_of<T>({&x, &residual, &norm.gain, &norm.bias});
  if (tape == nullptr) {
    return Variable<T>(std::move(y));
  }
  return tape->record(
      {x, residual, norm.gain, norm.bias}, std::move(y),
      [result = std::move(result), gain = norm.gain.shared_value(),
       mask = std::move(mask)](const Matrix<T>& dy, InputGradients<T>& inputs) {
        LayerNormGradients<T> gradients =
            layer_norm_backward(dy, result, *gain);
        inputs.add(0, mask ? dropout(gradients.x, *mask) : gradients.x);
        inputs.add(1, std::move(gradients.x));
        inputs.add(2, std::move(gradients.gain));
        inputs.add(3, std::move(gradients.bias));
      });
}

template <class T>
Variable<T> plain_residual_layer_norm(const Variable<T>& x,
                                      const Variable<T>& residual,
                                      const LayerNormVariables<T>& norm,
                                      std::optional<DropoutMask> mask) {
  return layer_norm(add(dropout(x, std::move(mask)), residual), norm.gain,
                    norm.bias, norm.eps);
}

#define INSTANTIATE(T)                                                      \
  template Variable<T> residual_layer_norm(                                 \
      const Variable<T>&, const Variable<T>&, const LayerNormVariables<T>&, \
      std::optional<DropoutMask>);                                          \
  template Variable<T> plain_residual_layer_norm(                           \
      const Variable<T>&, const Variable<T>&, const LayerNormVariables<T>&, \
      std::optional<DropoutMask>);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace distilbert
