#include "ch10_glue/matthews_correlation.hpp"

#include <cmath>

#include "ch10_glue/count_outcomes.hpp"

namespace distilbert {

// exercise 10.1 begin
double matthews_correlation(const Outcomes& outcomes) {
  // In double, so that no file has too many rows: the product of the four sums
  // is at most (rows / 2)^4. With QQP's 40,430, the most in a dev set of GLUE,
  // that is 1.7e17; from 131,072 rows on, which a user's own file may have, a
  // 64-bit integer could overflow.
  const auto tp = static_cast<double>(outcomes.true_positives);
  const auto tn = static_cast<double>(outcomes.true_negatives);
  const auto fp = static_cast<double>(outcomes.false_positives);
  const auto fn = static_cast<double>(outcomes.false_negatives);
  // --8<-- [start:matthews]
  const double product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  if (product == 0.0) {
    return 0.0;
  }
  return (tp * tn - fp * fn) / std::sqrt(product);
  // --8<-- [end:matthews]
}

// exercise 10.1 end

}  // namespace distilbert
