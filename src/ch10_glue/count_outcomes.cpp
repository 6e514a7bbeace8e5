#include "ch10_glue/count_outcomes.hpp"

#include <cstddef>
#include <span>

#include "common/error.hpp"

namespace distilbert {

Outcomes count_outcomes(std::span<const int> predictions,
                        std::span<const int> labels) {
  require(predictions.size() == labels.size(),
          "count_outcomes: {} predictions for {} labels", predictions.size(),
          labels.size());
  Outcomes outcomes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const int predicted = predictions[i];
    const int label = labels[i];
    require((predicted == 0 || predicted == 1) && (label == 0 || label == 1),
            "count_outcomes: row {} has prediction {} and label {}, expected "
            "0 or 1",
            i, predicted, label);
    if (predicted == label) {
      ++(label == 1 ? outcomes.true_positives : outcomes.true_negatives);
    } else {
      ++(label == 1 ? outcomes.false_negatives : outcomes.false_positives);
    }
  }
  return outcomes;
}

}  // namespace distilbert
