#pragma once

#include <functional>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// How far a tape's gradient is from the one measured by central differences,
///   (f(p + h) - f(p - h)) / 2h,   h = 1e-5 · max(1, |p|),
/// for every element of `parameter`, as ‖difference‖ / (‖measured‖ + floor):
/// about 1e-9 for a right gradient in double, 1e-2 and more for a wrong one.
/// `floor` (1e-7) keeps gradients that are mathematically zero from dividing
/// rounding by rounding.
///
/// `loss` computes the [1, 1] loss; with a tape it records on it. It is called
/// 2 · elements + 1 times. The parameter is left as it was found.
double gradient_error(
    const std::function<Variable<double>(Tape<double>* tape)>& loss,
    const ParameterPtr<double>& parameter);

}  // namespace distilbert
