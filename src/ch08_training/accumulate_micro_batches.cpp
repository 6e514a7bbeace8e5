#include "ch08_training/accumulate_micro_batches.hpp"

#include <algorithm>

#include "ch03_autograd/weighted_sum.hpp"

namespace distilbert {
namespace {

// Masks are drawn by row of a batch, and the rows of each micro batch count
// from 0: without seeds of their own all would drop the same elements.
DropoutSource dropout_of_micro_batch(DropoutSource source, std::size_t number) {
  source.seed += number * 0x9E3779B97F4A7C15U;
  return source;
}

}  // namespace

// --8<-- [start:accumulate_micro_batches]
template <class T>
double accumulate_micro_batches(std::span<const std::size_t> examples,
                                std::size_t micro_batch_size,
                                const BatchLoss<T>& loss,
                                const DropoutSource* dropout,
                                Gradients<T>& gradients) {
  require(!examples.empty() && micro_batch_size > 0, "an empty batch");
  Tape<T> tape;
  double batch_loss = 0;
  std::size_t number = 0;
  for (std::size_t first = 0; first < examples.size();
       first += micro_batch_size, ++number) {
    const auto micro_batch = examples.subspan(
        first, std::min(micro_batch_size, examples.size() - first));
    DropoutSource source;
    Context<T> context{&tape, nullptr};
    if (dropout != nullptr) {
      source = dropout_of_micro_batch(*dropout, number);
      context.dropout = &source;
    }
    const double share = static_cast<double>(micro_batch.size()) /
                         static_cast<double>(examples.size());
    const Variable<T> weighted =
        weighted_sum<T>({{static_cast<T>(share), loss(micro_batch, context)}});
    batch_loss += static_cast<double>(weighted.value()(0, 0));
    tape.backward(weighted, gradients);
  }
  return batch_loss;
}

// --8<-- [end:accumulate_micro_batches]

template double accumulate_micro_batches(std::span<const std::size_t>,
                                         std::size_t,
                                         const BatchLoss<float>&,
                                         const DropoutSource*,
                                         Gradients<float>&);
template double accumulate_micro_batches(std::span<const std::size_t>,
                                         std::size_t,
                                         const BatchLoss<double>&,
                                         const DropoutSource*,
                                         Gradients<double>&);

}  // namespace distilbert
