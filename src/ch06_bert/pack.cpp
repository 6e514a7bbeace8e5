#include <numeric>

#include "ch06_bert/packed_batch.hpp"

namespace distilbert {

// --8<-- [start:pack]
PackedBatch pack(std::span<const Encoding> encodings,
                 std::span<const std::size_t> chosen) {
  PackedBatch batch;
  // --8<-- [start:pack_texts]
  batch.sequence_offsets.push_back(0);
  for (const std::size_t number : chosen) {
    const Encoding& encoding = encodings[number];
    for (std::size_t i = 0; i < encoding.size(); ++i) {
      batch.ids.push_back(encoding.ids[i]);
      batch.type_ids.push_back(encoding.type_ids[i]);
      batch.positions.push_back(static_cast<std::int32_t>(i));
    }
    batch.sequence_offsets.push_back(batch.ids.size());
  }
  // --8<-- [end:pack_texts]
  return batch;
}

// --8<-- [end:pack]

PackedBatch pack(std::span<const Encoding> encodings) {
  std::vector<std::size_t> all(encodings.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return pack(encodings, all);
}

}  // namespace distilbert
