#pragma once

#include "ch10_glue/count_outcomes.hpp"

namespace distilbert {

/// F1 of class 1, the harmonic mean of precision TP/(TP+FP) and recall
/// TP/(TP+FN):
///
///   F1 = 2·TP / (2·TP + FP + FN)
///
/// and 0 where that is 0/0 (nothing is positive, and nothing was predicted to
/// be). From 0 to 1.
///
/// Reference behaviour: scikit-learn's f1_score with average="binary".
[[nodiscard]] double f1(const Outcomes& outcomes);

}  // namespace distilbert
