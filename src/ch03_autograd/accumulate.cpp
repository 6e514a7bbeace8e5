#include "ch03_autograd/accumulate.hpp"

#include <utility>

namespace distilbert {

// --8<-- [start:accumulate]
template <class T>
void accumulate(std::optional<Matrix<T>>& gradient, Matrix<T> contribution) {
  if (!gradient) {
    gradient = std::move(contribution);
    return;
  }
  require_shape(contribution, rows(*gradient), columns(*gradient),
                "contribution to a gradient");
  const auto sum = values(*gradient);
  const auto more = values(contribution);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += more[i];
  }
}

// --8<-- [end:accumulate]

template void accumulate(std::optional<Matrix<float>>&, Matrix<float>);
template void accumulate(std::optional<Matrix<double>>&, Matrix<double>);

}  // namespace distilbert
