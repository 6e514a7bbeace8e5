#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace distilbert {

/// How often two tokens stand side by side in the words of a corpus.
struct PairCount {
  std::int32_t left;
  std::int32_t right;
  std::uint64_t count;
};

/// The index of the pair to merge next: the most frequent one, and of equally
/// frequent ones that with the smallest left id, then the smallest right id.
/// None where no pair occurs at all, or none `min_frequency` times. The order
/// of `pairs` doesn't matter, and no pair may stand there twice. Sennrich et
/// al. 2016 (arXiv:1508.07909), algorithm 1; ties as in the reference.
std::optional<std::size_t> choose_merge(std::span<const PairCount> pairs,
                                        std::uint64_t min_frequency);

}  // namespace distilbert
