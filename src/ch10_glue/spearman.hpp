#pragma once

#include <span>

namespace distilbert {

/// Spearman correlation: the Pearson correlation of the two vectors' average
/// ranks. It sees order alone, so that a model whose scores are squeezed or
/// stretched loses nothing. NaN as for `pearson`.
///
/// Reference behaviour: SciPy's spearmanr.
[[nodiscard]] double spearman(std::span<const double> x,
                              std::span<const double> y);

}  // namespace distilbert
