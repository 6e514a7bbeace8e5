#include "ch08_training/adamw_step_fused.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include "ch08_training/tensor_chunks.hpp"
#include "common/error.hpp"
#include "common/threads.hpp"

namespace distilbert {
namespace {

// Half a megabyte of each of the four arrays, in float.
constexpr std::size_t kChunk = std::size_t{1} << 17U;

// The constants of one tensor's step, in the precision of the loop. The
// correction of the first moment is folded into the learning rate, that of the
// second moment into a factor of its root.
template <class T>
struct Factors {
  T scale;   // of the gradient
  T keep;    // 1 - η λ
  T beta1;   // β₁
  T fresh1;  // 1 - β₁
  T beta2;   // β₂
  T fresh2;  // 1 - β₂
  T rate;    // η / (1 - β₁ᵗ)
  T root;    // 1 / √(1 - β₂ᵗ)
  T epsilon;
};

template <class T>
Factors<T> factors_of(const AdamWTensor<T>& tensor,
                      const AdamWOptions& options,
                      double gradient_scale) {
  const auto t = static_cast<double>(tensor.step);
  const double rate = options.learning_rate;
  return {static_cast<T>(gradient_scale),
          static_cast<T>(1 - rate * tensor.weight_decay),
          static_cast<T>(options.beta1),
          static_cast<T>(1 - options.beta1),
          static_cast<T>(options.beta2),
          static_cast<T>(1 - options.beta2),
          static_cast<T>(rate / (1 - std::pow(options.beta1, t))),
          static_cast<T>(1 / std::sqrt(1 - std::pow(options.beta2, t))),
          static_cast<T>(options.epsilon)};
}

template <class T>
void update(const AdamWTensor<T>& tensor,
            const Factors<T>& f,
            std::size_t begin,
            std::size_t end) {
  T* const p = tensor.parameter.data();
  const T* const g = tensor.gradient.data();
  T* const m = tensor.first_moment.data();
  T* const v = tensor.second_moment.data();
#pragma omp simd
  for (std::size_t i = begin; i < end; ++i) {
    const T gradient = f.scale * g[i];
    const T mean = f.beta1 * m[i] + f.fresh1 * gradient;
    const T square = f.beta2 * v[i] + f.fresh2 * gradient * gradient;
    const T step = f.rate * mean / (std::sqrt(square) * f.root + f.epsilon);
    m[i] = mean;
    v[i] = square;
    p[i] = p[i] * f.keep - step;
  }
}

}  // namespace

template <class T>
void adamw_step_fused(std::span<const AdamWTensor<T>> tensors,
                      const AdamWOptions& options,
                      double gradient_scale) {
  std::vector<std::size_t> sizes;
  std::vector<Factors<T>> factors;
  for (const AdamWTensor<T>& tensor : tensors) {
    const std::size_t size = tensor.parameter.size();
    require(
        tensor.gradient.size() == size && tensor.first_moment.size() == size &&
            tensor.second_moment.size() == size,
        "AdamW: a gradient or moment isn't of the parameter's size {}", size);
    require(tensor.step > 0, "AdamW: steps count from 1");
    sizes.push_back(size);
    factors.push_back(factors_of(tensor, options, gradient_scale));
  }
  const std::vector<TensorChunk> chunks = cut_into_chunks(sizes, kChunk);
  parallel_for(chunks.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const auto [tensor, begin, end] = chunks[i];
      update(tensors[tensor], factors[tensor], begin, end);
    }
  });
}

template void adamw_step_fused(std::span<const AdamWTensor<float>>,
                               const AdamWOptions&,
                               double);
template void adamw_step_fused(std::span<const AdamWTensor<double>>,
                               const AdamWOptions&,
                               double);

}  // namespace distilbert
