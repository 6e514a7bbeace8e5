#include "ch10_glue/permutation_p_value.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/error.hpp"

namespace distilbert {

// exercise 10.5 begin
double permutation_p_value(std::span<const double> group,
                           std::span<const double> other) {
  std::vector<double> values(group.begin(), group.end());
  values.insert(values.end(), other.begin(), other.end());
  require(
      !group.empty() && !other.empty() && values.size() <= kMostPermutedValues,
      "permutation_p_value: {} and {} values, expected at least one each "
      "and at most {} in all",
      group.size(), other.size(), kMostPermutedValues);
  require(std::ranges::none_of(values,
                               [](double value) { return std::isnan(value); }),
          "permutation_p_value: expected numbers, found NaN");
  const auto difference_of_means = [&](std::uint32_t chosen) {
    double difference = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool in_group = (chosen >> i & 1U) != 0;
      difference += in_group ? values[i] / static_cast<double>(group.size())
                             : -values[i] / static_cast<double>(other.size());
    }
    return std::abs(difference);
  };
  // Bit i of a number says whether value i is in the group.
  const double found = difference_of_means((1U << group.size()) - 1);
  // Equal differences, summed in another order, may differ in their last bits.
  const double least = found - 1e-9 * (1 + found);
  std::size_t ways = 0;
  std::size_t as_far = 0;
  // --8<-- [start:ways]
  for (std::uint32_t chosen = 0; chosen < 1U << values.size(); ++chosen) {
    if (static_cast<std::size_t>(std::popcount(chosen)) == group.size()) {
      ++ways;
      as_far += difference_of_means(chosen) >= least ? 1 : 0;
    }
  }
  // --8<-- [end:ways]
  return static_cast<double>(as_far) / static_cast<double>(ways);
}

// exercise 10.5 end

}  // namespace distilbert
