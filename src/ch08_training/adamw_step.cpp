#include "ch08_training/adamw_step.hpp"

#include <cmath>
#include <cstddef>

#include "common/error.hpp"

namespace distilbert {

// --8<-- [start:adamw_step]
template <class T>
void adamw_step(const AdamWTensor<T>& tensor, const AdamWOptions& options) {
  const auto& [p, g, m, v, step, weight_decay] = tensor;
  require(p.size() == g.size() && p.size() == m.size() && p.size() == v.size(),
          "AdamW: sizes {}, {}, {} and {} differ", p.size(), g.size(), m.size(),
          v.size());
  require(step > 0, "AdamW: steps count from 1");
  const auto [learning_rate, beta1, beta2, epsilon] = options;
  const auto t = static_cast<double>(step);
  const double correction1 = 1 - std::pow(beta1, t);
  const double correction2 = 1 - std::pow(beta2, t);
  for (std::size_t i = 0; i < p.size(); ++i) {
    // --8<-- [start:adamw_element]
    const double gradient = g[i];
    m[i] = static_cast<T>(beta1 * m[i] + (1 - beta1) * gradient);
    v[i] = static_cast<T>(beta2 * v[i] + (1 - beta2) * gradient * gradient);
    const double mean = m[i] / correction1;
    const double spread = std::sqrt(v[i] / correction2) + epsilon;
    const double decayed = p[i] * (1 - learning_rate * weight_decay);
    p[i] = static_cast<T>(decayed - learning_rate * mean / spread);
    // --8<-- [end:adamw_element]
  }
}

// --8<-- [end:adamw_step]

template void adamw_step(const AdamWTensor<float>&, const AdamWOptions&);
template void adamw_step(const AdamWTensor<double>&, const AdamWOptions&);

}  // namespace distilbert
