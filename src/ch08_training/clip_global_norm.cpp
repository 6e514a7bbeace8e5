#include "ch08_training/clip_global_norm.hpp"

#include <cmath>

#include "ch01_tensor/sum_of_squares.hpp"

namespace distilbert {

// --8<-- [start:clip_global_norm]
template <class T>
double clip_global_norm(std::span<Matrix<T>* const> gradients,
                        double max_norm) {
  double squared_norm = 0;
  for (const Matrix<T>* gradient : gradients) {
    squared_norm += sum_of_squares(values(*gradient));
  }
  const double norm = std::sqrt(squared_norm);
  const double scale = max_norm / (norm + 1e-6);
  if (scale >= 1) {
    return norm;
  }
  for (Matrix<T>* gradient : gradients) {
    for (T& value : values(*gradient)) {
      value *= static_cast<T>(scale);
    }
  }
  return norm;
}

// --8<-- [end:clip_global_norm]

template double clip_global_norm(std::span<Matrix<float>* const>, double);
template double clip_global_norm(std::span<Matrix<double>* const>, double);

}  // namespace distilbert
