#include "ch08_training/epoch_order.hpp"

#include <numeric>
#include <utility>

#include "common/error.hpp"
#include "common/random.hpp"

namespace distilbert {

// --8<-- [start:epoch_order]
std::vector<std::size_t> epoch_order(std::size_t examples,
                                     std::uint64_t seed,
                                     std::size_t epoch) {
  require(examples <= std::size_t{1} << 32U, "{} examples are too many",
          examples);
  const RandomSource source(seed, RandomPurpose::kOrder,
                            static_cast<std::uint32_t>(epoch), 0);
  std::vector<std::size_t> order(examples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = examples; left > 1; --left) {
    // 64 bits, so that the remainder favours no place noticeably.
    const auto numbers = source.block(static_cast<std::uint32_t>(left - 1), 0);
    const std::uint64_t number =
        (static_cast<std::uint64_t>(numbers[1]) << 32U) | numbers[0];
    std::swap(order[left - 1], order[number % left]);
  }
  return order;
}

// --8<-- [end:epoch_order]

}  // namespace distilbert
