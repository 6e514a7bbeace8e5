#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "ch03_autograd/gradients.hpp"
#include "ch08_training/adamw_step.hpp"

namespace distilbert {

/// What AdamW remembers of one parameter. The matrices have its shape.
struct Moments {
  Matrix<float> first;
  Matrix<float> second;
  std::uint64_t steps = 0;  ///< how often the parameter had a gradient
};

/// What AdamW remembers of all parameters, by name. A parameter enters with
/// zeros at its first gradient.
using OptimizerState = std::map<std::string, Moments>;

/// How a step of the optimizer is carried out.
struct OptimizerOptions {
  AdamWOptions adamw;
  /// For the parameters that receives_weight_decay() says.
  double weight_decay = 0;
  /// Through adamw_step_fused instead of adamw_step, parameter by parameter.
  bool fused = true;
  /// What gradients are multiplied with on the way, in the fused step alone.
  double gradient_scale = 1;
};

/// One step of AdamW for every parameter that has a gradient, in place. One
/// without is left as it is, decay included, and its steps aren't counted.
/// Reference behaviour: torch.optim.AdamW of PyTorch 2.13 with the parameter
/// groups of transformers 5.23.0. Throws std::logic_error where a gradient's
/// or moment's shape isn't the parameter's, or where a scale is asked of plain
/// steps.
void update_parameters(std::span<const ParameterPtr<float>> parameters,
                       const Gradients<float>& gradients,
                       const OptimizerOptions& options,
                       OptimizerState& state);

}  // namespace distilbert
