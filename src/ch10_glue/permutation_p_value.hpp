#pragma once

#include <cstddef>
#include <span>

namespace distilbert {

/// The most values that permutation_p_value takes, in both groups together.
inline constexpr std::size_t kMostPermutedValues = 20;

/// How surprising the difference between two groups' means would be if the
/// groups were alike: among all ways to deal the values out again into groups
/// of the same sizes, the share whose means lie at least as far apart as they
/// do here, to either side. Nothing is assumed of how the values are spread,
/// and nothing is drawn: all ways are tried, 252 for five seeds against five.
///
/// The smallest value there can be is that of the one way (and its mirror)
/// that was found: 2/252 for five against five, 2/20 for three against three.
///
/// Both groups have at least one value, together at most kMostPermutedValues,
/// and none is NaN (std::logic_error otherwise).
///
/// Source: R. A. Fisher, "The Design of Experiments", 1935, section 21.
[[nodiscard]] double permutation_p_value(std::span<const double> group,
                                         std::span<const double> other);

}  // namespace distilbert
