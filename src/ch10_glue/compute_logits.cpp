#include "ch10_glue/compute_logits.hpp"

#include <algorithm>

#include "common/required_value.hpp"

namespace distilbert {

Matrix<float> compute_logits(const Model<float>& model,
                             std::span<const Encoding> encodings,
                             std::size_t batch_size,
                             const std::function<void(std::size_t)>& done) {
  Matrix<float> all =
      make_matrix<float>(encodings.size(), model.config().labels.size());
  for (std::size_t first = 0; first < encodings.size(); first += batch_size) {
    const std::size_t count = std::min(batch_size, encodings.size() - first);
    const ModelOutput<float> output =
        model.forward(pack(encodings.subspan(first, count)));
    const Matrix<float>& logits =
        required_value(output.logits, "a model without a head").value();
    require_shape(logits, count, columns(all), "logits of a batch");
    std::ranges::copy(values(logits), row(all, first).begin());
    if (done) {
      done(first + count);
    }
  }
  return all;
}

}  // namespace distilbert
