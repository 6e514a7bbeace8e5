#pragma once

#include <span>

namespace distilbert {

/// The sum of the squares, added up in double so that a gradient of millions of
/// elements loses none of them.
double sum_of_squares(std::span<const float> values);
double sum_of_squares(std::span<const double> values);

}  // namespace distilbert
