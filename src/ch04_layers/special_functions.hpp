#pragma once

#include <span>

namespace distilbert {

/// y[j] = exp(x[j]), in vectors as wide as the processor has; within 2 units in
/// the last place. x and y have one size and may be the same memory.
void exp_each(std::span<const float> x, std::span<float> y);
void exp_each(std::span<const double> x, std::span<double> y);

/// y[j] = erf(x[j]), the error function 2/√π ∫₀ˣ exp(-t²) dt, within 3 units in
/// the last place in float and within 1e-14 in double; otherwise likewise.
void erf_each(std::span<const float> x, std::span<float> y);
void erf_each(std::span<const double> x, std::span<double> y);

/// y[j] = tanh(x[j]), within 2 units in the last place; otherwise likewise.
void tanh_each(std::span<const float> x, std::span<float> y);
void tanh_each(std::span<const double> x, std::span<double> y);

}  // namespace distilbert
