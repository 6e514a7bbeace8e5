#include "bench_gemm.hpp"

#include <cblas.h>

#include <algorithm>
#include <vector>

#include "common/share_out.hpp"
#include "common/threads.hpp"
#include "stopwatch.hpp"

namespace distilbert {
namespace {

// A linear layer of the encoder: [tokens, inputs] · [outputs, inputs]ᵀ.
struct Linear {
  std::size_t inputs;
  std::size_t outputs;
  bool for_first_tokens = false;

  [[nodiscard]] std::size_t rows(const BatchSize& batch) const {
    return for_first_tokens ? batch.texts : batch.tokens;
  }
};

class Encoder {
 public:
  explicit Encoder(const ModelConfig& config) {
    const auto hidden = static_cast<std::size_t>(config.hidden_size);
    const auto inner = static_cast<std::size_t>(config.intermediate_size);
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
      const bool last = layer + 1 == config.layers;
      for (const Linear linear :
           {Linear{hidden, 3 * hidden}, Linear{hidden, hidden, last},
            Linear{hidden, inner, last}, Linear{inner, hidden, last}}) {
        linears_.push_back(linear);
        weights_.emplace_back(linear.inputs * linear.outputs, 0.01F);
      }
    }
  }

  // The products of a batch, each of a size the caches see in a real pass.
  void multiply(const BatchSize& batch) const {
    std::vector<float>& x = buffer(0, batch.tokens);
    std::vector<float>& y = buffer(1, batch.tokens);
    for (std::size_t i = 0; i < linears_.size(); ++i) {
      const auto m = static_cast<blasint>(linears_[i].rows(batch));
      const auto n = static_cast<blasint>(linears_[i].outputs);
      const auto k = static_cast<blasint>(linears_[i].inputs);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0F,
                  x.data(), k, weights_[i].data(), k, 0.0F, y.data(), n);
    }
  }

  [[nodiscard]] double operations(const BatchSize& batch) const {
    double sum = 0;
    for (const Linear& linear : linears_) {
      sum += 2.0 * static_cast<double>(linear.rows(batch)) *
             static_cast<double>(linear.inputs) *
             static_cast<double>(linear.outputs);
    }
    return sum;
  }

 private:
  [[nodiscard]] std::vector<float>& buffer(std::size_t number,
                                           std::size_t tokens) const {
    thread_local std::vector<float> buffers[2];
    std::size_t widest = 0;
    for (const Linear& linear : linears_) {
      widest = std::max({widest, linear.inputs, linear.outputs});
    }
    std::vector<float>& chosen = buffers[number];
    chosen.resize(std::max(chosen.size(), tokens * widest), 0.01F);
    return chosen;
  }

  std::vector<Linear> linears_;
  std::vector<std::vector<float>> weights_;
};

double time_threads_of_openblas(const Encoder& encoder,
                                std::span<const BatchSize> batches) {
  openblas_set_num_threads(static_cast<int>(thread_count()));
  const double seconds = seconds_of([&] {
    for (const BatchSize& batch : batches) {
      encoder.multiply(batch);
    }
  });
  openblas_set_num_threads(1);
  return seconds;
}

// One share of every batch, on the calling thread.
void multiply_share(const Encoder& encoder,
                    std::span<const BatchSize> batches,
                    std::size_t share) {
  for (const BatchSize& batch : batches) {
    const auto share_of = [&](std::size_t count) {
      const auto [first, last] = share_out(count, thread_count(), share);
      return last - first;
    };
    encoder.multiply({share_of(batch.tokens), share_of(batch.texts)});
  }
}

double time_separate_threads(const Encoder& encoder,
                             std::span<const BatchSize> batches) {
  return seconds_of([&] {
    parallel_for(thread_count(), 1, [&](std::size_t share, std::size_t) {
      multiply_share(encoder, batches, share);
    });
  });
}

}  // namespace

GemmTimes time_bare_gemm(const ModelConfig& config,
                         std::span<const BatchSize> batches) {
  const Encoder encoder(config);
  // The first call of each way touches its memory, and doesn't count.
  time_threads_of_openblas(encoder, batches.first(1));
  time_separate_threads(encoder, batches.first(1));
  GemmTimes times;
  times.seconds = std::min(time_threads_of_openblas(encoder, batches),
                           time_separate_threads(encoder, batches));
  for (const BatchSize& batch : batches) {
    times.operations += encoder.operations(batch);
  }
  return times;
}

}  // namespace distilbert
