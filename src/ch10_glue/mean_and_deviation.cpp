#include "ch10_glue/mean_and_deviation.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "common/error.hpp"

namespace distilbert {

MeanAndDeviation mean_and_deviation(std::span<const double> values) {
  require(!values.empty(), "mean_and_deviation: no values");
  const auto count = static_cast<double>(values.size());
  const double mean = std::reduce(values.begin(), values.end()) / count;
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  const double deviation = values.size() == 1
                               ? std::numeric_limits<double>::quiet_NaN()
                               : std::sqrt(squares / (count - 1));
  return {mean, deviation};
}

}  // namespace distilbert
