#pragma once

#include <cstdint>
#include <span>

namespace distilbert {

/// What AdamW is told besides the gradient.
struct AdamWOptions {
  double learning_rate = 5e-5;
  double beta1 = 0.9;     ///< share of the old first moment, in [0, 1)
  double beta2 = 0.999;   ///< share of the old second moment, in [0, 1)
  double epsilon = 1e-8;  ///< keeps the division finite
};

/// One parameter on its way through a step of AdamW. The four spans have the
/// same size and belong to the caller.
template <class T>
struct AdamWTensor {
  std::span<T> parameter;
  std::span<const T> gradient;
  std::span<T> first_moment;   ///< running mean of the gradient
  std::span<T> second_moment;  ///< running mean of its square
  std::uint64_t step = 1;      ///< 1 for this parameter's first step
  double weight_decay = 0;
};

/// One step of AdamW (Loshchilov and Hutter 2019, algorithm 2; Adam is Kingma
/// and Ba 2015). With learning rate η, decay λ and step t = 1, 2, ...:
///
///   p ← p - η λ p
///   m ← β₁ m + (1 - β₁) g          v ← β₂ v + (1 - β₂) g²
///   p ← p - η m̂ / (√v̂ + ε)         m̂ = m / (1 - β₁ᵗ),  v̂ = v / (1 - β₂ᵗ)
///
/// The decay comes first and shrinks the parameter itself; it isn't added to
/// the gradient. ε is added after the correction of v. Reference behaviour:
/// torch.optim.AdamW of PyTorch 2.13. Throws std::logic_error where sizes
/// differ or step is 0.
template <class T>
void adamw_step(const AdamWTensor<T>& tensor, const AdamWOptions& options);

extern template void adamw_step(const AdamWTensor<float>&, const AdamWOptions&);
extern template void adamw_step(const AdamWTensor<double>&,
                                const AdamWOptions&);

}  // namespace distilbert
