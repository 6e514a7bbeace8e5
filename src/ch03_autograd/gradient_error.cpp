#include "ch03_autograd/gradient_error.hpp"

#include <algorithm>
#include <cmath>

namespace distilbert {

// --8<-- [start:gradient_error]
double gradient_error(
    const std::function<Variable<double>(Tape<double>* tape)>& loss,
    const ParameterPtr<double>& parameter) {
  constexpr double kFloor = 1e-7;
  Tape<double> tape;
  Gradients<double> gradients;
  tape.backward(loss(&tape), gradients);
  const Matrix<double>* const gradient = gradients.find(*parameter);
  double squared_difference = 0;
  double squared_norm = 0;
  const auto elements = values(*parameter->value);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const double saved = elements[i];
    const double h = 1e-5 * std::max(1.0, std::abs(saved));
    elements[i] = saved + h;
    const double above = loss(nullptr).value()(0, 0);
    elements[i] = saved - h;
    const double below = loss(nullptr).value()(0, 0);
    elements[i] = saved;
    const double measured = (above - below) / (2 * h);
    const double claimed = gradient == nullptr ? 0 : values(*gradient)[i];
    squared_difference += (measured - claimed) * (measured - claimed);
    squared_norm += measured * measured;
  }
  return std::sqrt(squared_difference) / (std::sqrt(squared_norm) + kFloor);
}

// --8<-- [end:gradient_error]

}  // namespace distilbert
