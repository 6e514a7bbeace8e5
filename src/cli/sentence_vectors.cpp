#include "cli/sentence_vectors.hpp"

#include <algorithm>
#include <cmath>

#include "ch01_tensor/sum_of_squares.hpp"
#include "ch06_bert/batch_parts.hpp"

namespace distilbert::cli {
namespace {

// The scaled sum points where the mean does.
void add_direction(const Matrix<float>& hidden,
                   std::size_t first,
                   std::size_t last,
                   std::span<float> vector) {
  std::ranges::fill(vector, 0.0F);
  for (std::size_t token = first; token < last; ++token) {
    for (std::size_t j = 0; j < vector.size(); ++j) {
      vector[j] += hidden(token, j);
    }
  }
  const auto length = static_cast<float>(
      std::sqrt(sum_of_squares(std::span<const float>(vector))));
  for (float& value : vector) {
    value /= std::max(length, 1e-12F);
  }
}

}  // namespace

Matrix<float> sentence_vectors(const Model<float>& model,
                               std::span<const Encoding> encodings) {
  Matrix<float> vectors = make_matrix<float>(
      encodings.size(), static_cast<std::size_t>(model.config().hidden_size));
  for_each_part(encodings, [&](const BatchPart& part) {
    const PackedBatch batch = pack(encodings, part);
    const ModelOutput<float> output =
        model.body(batch, {}, HiddenStates::kLast);
    for (std::size_t s = 0; s < part.size(); ++s) {
      add_direction(output.last_hidden_state().value(),
                    batch.sequence_offsets[s], batch.sequence_offsets[s + 1],
                    row(vectors, part[s]));
    }
  });
  return vectors;
}

}  // namespace distilbert::cli
