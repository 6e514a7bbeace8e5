#include "ch10_glue/f1.hpp"

#include "ch10_glue/count_outcomes.hpp"

namespace distilbert {

double f1(const Outcomes& outcomes) {
  if (outcomes.true_positives == 0) {
    return 0.0;
  }
  const auto twice_right = static_cast<double>(2 * outcomes.true_positives);
  const auto wrong =
      static_cast<double>(outcomes.false_positives + outcomes.false_negatives);
  return twice_right / (twice_right + wrong);
}

}  // namespace distilbert
