#pragma once

#include "ch06_bert/packed_batch.hpp"
#include "goldens.hpp"

namespace distilbert::testing {

/// The packed texts of a model's golden.
inline PackedBatch batch_of(const Goldens& goldens) {
  PackedBatch batch;
  batch.ids = goldens.integers<std::int32_t>("input_ids");
  batch.type_ids = goldens.integers<std::int32_t>("type_ids");
  batch.sequence_offsets = goldens.integers<std::size_t>("sequence_offsets");
  for (std::size_t s = 0; s < batch.sequences(); ++s) {
    for (std::size_t i = batch.sequence_offsets[s];
         i < batch.sequence_offsets[s + 1]; ++i) {
      batch.positions.push_back(
          static_cast<std::int32_t>(i - batch.sequence_offsets[s]));
    }
  }
  return batch;
}

}  // namespace distilbert::testing
