#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "ch03_autograd/parameter.hpp"
#include "ch06_bert/plan_loading.hpp"

namespace distilbert {

/// The weight [out, in] and bias [out] of a linear layer.
template <class T>
struct LinearParameters {
  ParameterPtr<T> weight;
  ParameterPtr<T> bias;
};

/// The gain (called weight in checkpoints) and bias, [hidden] each, of a layer
/// normalisation.
template <class T>
struct LayerNormParameters {
  ParameterPtr<T> gain;
  ParameterPtr<T> bias;
};

/// All parameters of one encoder layer, the same for both families.
template <class T>
struct EncoderLayerParameters {
  LinearParameters<T> query, key, value, attention_output;
  LayerNormParameters<T> attention_norm;
  LinearParameters<T> intermediate, output;
  LayerNormParameters<T> output_norm;
};

/// Whether a parameter belongs to a model's body, which a checkpoint must hold,
/// or to its head, which may be new.
enum class ModelPart : bool { kBody, kHead };

/// The parameters of a model in the order of its layers, each once. Declared
/// parameters have a name and a shape and, until they are loaded or
/// initialised, no elements.
template <class T>
class ParameterList {
 public:
  /// A parameter and where it belongs.
  struct Entry {
    ParameterPtr<T> parameter;
    ModelPart part = ModelPart::kBody;
    /// Names under which old checkpoints hold the same tensor again (tied).
    std::vector<std::string> aliases;
  };

  /// Appends a parameter of this name and shape ([n] or [rows, columns]), not
  /// yet with elements, and returns it.
  ParameterPtr<T> declare(ModelPart part,
                          std::string name,
                          std::vector<std::size_t> shape,
                          std::vector<std::string> aliases = {}) {
    auto parameter = std::make_shared<Parameter<T>>(Parameter<T>{
        std::move(name), std::move(shape), std::make_shared<Matrix<T>>()});
    entries_.push_back({parameter, part, std::move(aliases)});
    return parameter;
  }

  /// "NAME.weight" [out, in] and "NAME.bias" [out].
  LinearParameters<T> declare_linear(ModelPart part,
                                     const std::string& name,
                                     std::size_t in,
                                     std::size_t out) {
    return {declare(part, name + ".weight", {out, in}),
            declare(part, name + ".bias", {out})};
  }

  /// "NAME.weight" and "NAME.bias", [hidden] each.
  LayerNormParameters<T> declare_layer_norm(ModelPart part,
                                            const std::string& name,
                                            std::size_t hidden) {
    return {declare(part, name + ".weight", {hidden}),
            declare(part, name + ".bias", {hidden})};
  }

  /// The parameters with their parts and aliases, in the order declared.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  /// The parameters alone, in the same order.
  [[nodiscard]] std::vector<ParameterPtr<T>> parameters() const {
    std::vector<ParameterPtr<T>> all;
    all.reserve(entries_.size());
    for (const Entry& entry : entries_) {
      all.push_back(entry.parameter);
    }
    return all;
  }

 private:
  std::vector<Entry> entries_;
};

}  // namespace distilbert
