#pragma once

#include <span>

namespace distilbert {

/// Pearson correlation of two vectors of the same length (std::logic_error
/// otherwise): with dx = x − mean(x) and dy = y − mean(y),
///
///   Σ dx·dy / sqrt(Σ dx² · Σ dy²)
///
/// From −1 to 1. NaN where it isn't defined: a vector whose values are all the
/// same, or fewer than two values; and where a value is NaN or infinite.
///
/// Reference behaviour: SciPy's pearsonr, in double.
[[nodiscard]] double pearson(std::span<const double> x,
                             std::span<const double> y);

}  // namespace distilbert
