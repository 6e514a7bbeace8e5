#include "ch10_glue/compute_logits.hpp"

#include <algorithm>

#include "ch06_bert/batch_parts.hpp"
#include "common/required_value.hpp"

namespace distilbert {
namespace {

// The logits of the texts of a part, each into its row of `to`.
void compute_part(const Model<float>& model,
                  std::span<const Encoding> texts,
                  const BatchPart& part,
                  float* to) {
  const ModelOutput<float> output =
      model.forward(pack(texts, part), {}, HiddenStates::kRead);
  const Matrix<float>& logits =
      required_value(output.logits, "a model without a head").value();
  require_shape(logits, part.size(), model.config().labels.size(),
                "logits of a batch");
  for (std::size_t i = 0; i < part.size(); ++i) {
    std::ranges::copy(row(logits, i), to + part[i] * columns(logits));
  }
}

}  // namespace

Matrix<float> compute_logits(const Model<float>& model,
                             std::span<const Encoding> encodings,
                             std::size_t batch_size,
                             const std::function<void(std::size_t)>& done) {
  require(batch_size > 0, "batches of no texts");
  Matrix<float> all =
      make_matrix<float>(encodings.size(), model.config().labels.size());
  for (std::size_t first = 0; first < encodings.size(); first += batch_size) {
    const std::size_t count = std::min(batch_size, encodings.size() - first);
    const auto texts = encodings.subspan(first, count);
    for_each_part(texts, [&](const BatchPart& part) {
      compute_part(model, texts, part, row(all, first).data());
    });
    if (done) {
      done(first + count);
    }
  }
  return all;
}

}  // namespace distilbert
