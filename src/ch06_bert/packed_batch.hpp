#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ch02_tokenizer/encoding.hpp"

namespace distilbert {

/// Several encoded texts as the models take them: their tokens one after
/// another, with no padding in between.
struct PackedBatch {
  std::vector<std::int32_t> ids;        ///< [tokens]
  std::vector<std::int32_t> type_ids;   ///< [tokens]
  std::vector<std::int32_t> positions;  ///< [tokens], from 0 in each text
  /// Where each text begins, and where the last one ends [texts + 1].
  std::vector<std::size_t> sequence_offsets;

  /// How many tokens all texts have together.
  [[nodiscard]] std::size_t tokens() const { return ids.size(); }

  /// How many texts there are.
  [[nodiscard]] std::size_t sequences() const {
    return sequence_offsets.size() - 1;
  }
};

/// Packs encodings one after another.
PackedBatch pack(std::span<const Encoding> encodings);

/// Packs some encodings, given by their numbers, in this order.
PackedBatch pack(std::span<const Encoding> encodings,
                 std::span<const std::size_t> chosen);

}  // namespace distilbert
