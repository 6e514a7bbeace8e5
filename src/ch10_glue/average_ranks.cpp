#include "ch10_glue/average_ranks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace distilbert {

// exercise 10.2 begin
std::vector<double> average_ranks(std::span<const double> values) {
  const std::size_t n = values.size();
  // Comparisons with NaN are false both ways, which would mislead the sort.
  if (std::any_of(values.begin(), values.end(),
                  [](double value) { return std::isnan(value); })) {
    return std::vector<double>(n, std::numeric_limits<double>::quiet_NaN());
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] < values[b];
  });
  std::vector<double> ranks(n);
  // --8<-- [start:ranks]
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first;
    while (last + 1 < n && values[order[last + 1]] == values[order[first]]) {
      ++last;
    }
    const double mean_rank = 0.5 * static_cast<double>(first + last) + 1.0;
    for (; first <= last; ++first) {
      ranks[order[first]] = mean_rank;
    }
  }
  // --8<-- [end:ranks]
  return ranks;
}

// exercise 10.2 end

}  // namespace distilbert
