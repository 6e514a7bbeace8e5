#pragma once

#include "ch10_glue/count_outcomes.hpp"

namespace distilbert {

/// Matthews correlation coefficient, CoLA's metric: the Pearson correlation of
/// two 0/1 vectors, predictions and labels, written with the four counts:
///
///                         TP·TN − FP·FN
///   ───────────────────────────────────────────────────
///   sqrt((TP + FP)·(TP + FN)·(TN + FP)·(TN + FN))
///
/// From −1 (always wrong) to 1 (always right). It is 0 where the denominator is
/// 0, as it is when one class is always predicted: unlike accuracy, it gives
/// nothing for guessing the commoner class.
///
/// Source: B. W. Matthews, 1975. Reference behaviour: scikit-learn's
/// matthews_corrcoef on two classes.
[[nodiscard]] double matthews_correlation(const Outcomes& outcomes);

}  // namespace distilbert
