#include "ch01_tensor/sum_of_squares.hpp"

#include <array>
#include <cstddef>

namespace distilbert {
namespace {

// Eight sums at once: one alone would wait for itself at every addition.
template <class T>
double sum_of_squares_of(std::span<const T> values) {
  std::array<double, 8> sums{};
  std::size_t i = 0;
  for (; i + sums.size() <= values.size(); i += sums.size()) {
    for (std::size_t lane = 0; lane < sums.size(); ++lane) {
      const double value = values[i + lane];
      sums[lane] += value * value;
    }
  }
  double total = 0;
  for (; i < values.size(); ++i) {
    total += static_cast<double>(values[i]) * values[i];
  }
  for (const double sum : sums) {
    total += sum;
  }
  return total;
}

}  // namespace

double sum_of_squares(std::span<const float> values) {
  return sum_of_squares_of(values);
}

double sum_of_squares(std::span<const double> values) {
  return sum_of_squares_of(values);
}

}  // namespace distilbert
