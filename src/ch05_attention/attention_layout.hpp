#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "common/error.hpp"
#include "common/random.hpp"

namespace distilbert {

/// How a packed batch and its heads lie in a [tokens, hidden] matrix: sequence
/// s is rows [sequence_offsets[s], sequence_offsets[s + 1]), head h is columns
/// [h · head_size, (h + 1) · head_size).
struct AttentionLayout {
  std::vector<std::size_t> sequence_offsets;  ///< sequences + 1, from 0
  std::size_t heads = 1;

  /// How many sequences the batch has.
  [[nodiscard]] std::size_t sequences() const {
    return sequence_offsets.size() - 1;
  }

  /// The tokens of one sequence.
  [[nodiscard]] std::size_t length(std::size_t sequence) const {
    return sequence_offsets[sequence + 1] - sequence_offsets[sequence];
  }
};

/// Dropout of attention probabilities: that of query token i (a row of the
/// packed batch) and head h for key j of its sequence draws number j of row
/// i · heads + h.
struct AttentionDropout {
  RandomSource source;
  double probability;
};

/// Throws std::logic_error unless the layout divides a [tokens, hidden] matrix.
inline void require_layout(const AttentionLayout& layout,
                           std::size_t tokens,
                           std::size_t hidden) {
  require(!layout.sequence_offsets.empty() &&
              layout.sequence_offsets.front() == 0 &&
              layout.sequence_offsets.back() == tokens &&
              std::ranges::is_sorted(layout.sequence_offsets),
          "sequence offsets that don't divide {} tokens", tokens);
  require(layout.heads > 0 && hidden % layout.heads == 0,
          "{} heads in a hidden size of {}", layout.heads, hidden);
}

}  // namespace distilbert
