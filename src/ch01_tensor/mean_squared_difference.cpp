#include "ch01_tensor/mean_squared_difference.hpp"

namespace distilbert {

// --8<-- [start:mean_squared_difference]
template <class T>
T mean_squared_difference(const Matrix<T>& a, const Matrix<T>& b) {
  require_shape(b, rows(a), columns(a), "mean_squared_difference");
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = values(a)[i] - values(b)[i];
    sum += difference * difference;
  }
  return static_cast<T>(sum / static_cast<double>(a.size()));
}

// --8<-- [end:mean_squared_difference]

template float mean_squared_difference(const Matrix<float>&,
                                       const Matrix<float>&);
template double mean_squared_difference(const Matrix<double>&,
                                        const Matrix<double>&);

}  // namespace distilbert
