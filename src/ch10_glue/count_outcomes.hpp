#pragma once

#include <cstddef>
#include <span>

namespace distilbert {

/// How often a two-way prediction was right and wrong, each way. Class 1 is
/// "positive".
struct Outcomes {
  std::size_t true_positives = 0;   ///< predicted 1, is 1
  std::size_t true_negatives = 0;   ///< predicted 0, is 0
  std::size_t false_positives = 0;  ///< predicted 1, is 0
  std::size_t false_negatives = 0;  ///< predicted 0, is 1
};

/// Counts the four outcomes of `predictions` against `labels`, both of the same
/// length and holding 0 and 1 only (std::logic_error otherwise).
[[nodiscard]] Outcomes count_outcomes(std::span<const int> predictions,
                                      std::span<const int> labels);

}  // namespace distilbert
