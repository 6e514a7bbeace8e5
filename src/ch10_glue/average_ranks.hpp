#pragma once

#include <span>
#include <vector>

namespace distilbert {

/// The rank of each value, 1 for the smallest; values that are equal share the
/// mean of the ranks they take up together: (10, 30, 20, 30) has the ranks
/// (1, 3.5, 2, 3.5). In the order of `values`. If a value is NaN, every rank is
/// NaN, since nothing can be said about the order.
///
/// Reference behaviour: SciPy's rankdata with method="average".
[[nodiscard]] std::vector<double> average_ranks(std::span<const double> values);

}  // namespace distilbert
