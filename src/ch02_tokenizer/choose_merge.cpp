#include "ch02_tokenizer/choose_merge.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>

namespace distilbert {

// --8<-- [start:choose_merge]
std::optional<std::size_t> choose_merge(std::span<const PairCount> pairs,
                                        std::uint64_t min_frequency) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const PairCount& pair = pairs[i];
    if (pair.count == 0 || pair.count < min_frequency) {
      continue;
    }
    if (!best || pair.count > pairs[*best].count ||
        (pair.count == pairs[*best].count &&
         std::tie(pair.left, pair.right) <
             std::tie(pairs[*best].left, pairs[*best].right))) {
      best = i;
    }
  }
  return best;
}

// --8<-- [end:choose_merge]

}  // namespace distilbert
