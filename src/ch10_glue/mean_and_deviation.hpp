#pragma once

#include <span>

namespace distilbert {

/// Several measurements of one thing, as tables print them.
struct MeanAndDeviation {
  double mean = 0;
  /// Of the sample: divided by one less than there are values. NaN for a single
  /// value, which says nothing of its spread.
  double deviation = 0;
};

/// Mean and standard deviation of at least one value (std::logic_error
/// otherwise). NaN among the values makes both NaN.
[[nodiscard]] MeanAndDeviation mean_and_deviation(
    std::span<const double> values);

}  // namespace distilbert
