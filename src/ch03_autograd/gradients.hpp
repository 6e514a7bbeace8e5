#pragma once

#include <optional>
#include <unordered_map>

#include "ch03_autograd/parameter.hpp"

namespace distilbert {

/// The gradients of a loss by parameter. They stand apart from the parameters,
/// so that one model can be differentiated on several tapes at once. Passing
/// the same object to backward() again adds to what is there.
template <class T>
class Gradients {
 public:
  /// The gradient of a parameter; nullptr where the loss doesn't depend on it.
  [[nodiscard]] const Matrix<T>* find(const Parameter<T>& parameter) const {
    const auto found = by_parameter_.find(&parameter);
    return found == by_parameter_.end() || !found->second ? nullptr
                                                          : &*found->second;
  }

  /// The same, to change: clipping scales it in place.
  [[nodiscard]] Matrix<T>* find(const Parameter<T>& parameter) {
    const auto found = by_parameter_.find(&parameter);
    return found == by_parameter_.end() || !found->second ? nullptr
                                                          : &*found->second;
  }

  /// Where a parameter's gradient is summed; empty until something is added.
  std::optional<Matrix<T>>& slot(const Parameter<T>& parameter) {
    return by_parameter_[&parameter];
  }

  /// Forgets all gradients and gives their memory back for the next step.
  void clear() { by_parameter_.clear(); }

 private:
  std::unordered_map<const Parameter<T>*, std::optional<Matrix<T>>>
      by_parameter_;
};

}  // namespace distilbert
