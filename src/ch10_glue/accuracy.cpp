#include "ch10_glue/accuracy.hpp"

#include <cstddef>
#include <span>

#include "common/error.hpp"

namespace distilbert {

double accuracy(std::span<const int> predictions, std::span<const int> labels) {
  require(predictions.size() == labels.size() && !labels.empty(),
          "accuracy: {} predictions for {} labels, expected as many and at "
          "least one",
          predictions.size(), labels.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    right += predictions[i] == labels[i] ? 1U : 0U;
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

}  // namespace distilbert
