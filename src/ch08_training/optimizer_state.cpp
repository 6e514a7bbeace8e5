#include "ch08_training/optimizer_state.hpp"

#include "ch08_training/adamw_step_fused.hpp"
#include "ch08_training/receives_weight_decay.hpp"

namespace distilbert {
namespace {

Moments& moments_of(const Parameter<float>& parameter, OptimizerState& state) {
  const auto [entry, is_new] = state.try_emplace(parameter.name);
  if (is_new) {
    const std::size_t height = rows(*parameter.value);
    const std::size_t width = columns(*parameter.value);
    entry->second = {zeros<float>(height, width), zeros<float>(height, width),
                     0};
  }
  return entry->second;
}

}  // namespace

void update_parameters(std::span<const ParameterPtr<float>> parameters,
                       const Gradients<float>& gradients,
                       const OptimizerOptions& options,
                       OptimizerState& state) {
  std::vector<AdamWTensor<float>> tensors;
  for (const ParameterPtr<float>& parameter : parameters) {
    const Matrix<float>* const gradient = gradients.find(*parameter);
    if (gradient == nullptr) {
      continue;
    }
    Moments& moments = moments_of(*parameter, state);
    ++moments.steps;
    tensors.push_back(
        {values(*parameter->value), values(*gradient), values(moments.first),
         values(moments.second), moments.steps,
         receives_weight_decay(parameter->name) ? options.weight_decay : 0});
  }
  if (options.fused) {
    adamw_step_fused<float>(tensors, options.adamw, options.gradient_scale);
    return;
  }
  require(options.gradient_scale == 1, "a plain step doesn't scale gradients");
  for (const AdamWTensor<float>& tensor : tensors) {
    adamw_step(tensor, options.adamw);
  }
}

}  // namespace distilbert
