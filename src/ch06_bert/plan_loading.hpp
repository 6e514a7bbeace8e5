#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace distilbert {

/// A parameter that a model has and a checkpoint should fill.
struct ExpectedParameter {
  /// The name in a checkpoint of transformers, prefix included:
  /// "bert.encoder.layer.0.attention.self.query.weight".
  std::string name;
  /// The shape in a checkpoint: [n] for a bias, [out, in] for a weight.
  std::vector<std::size_t> shape;
  /// True for a parameter of the head, which may be missing (a new head).
  bool is_head = false;
  /// Names of the weights that are tied to this parameter. A file may hold the
  /// value under any of them, or several times.
  std::vector<std::string> aliases;
};

/// A tensor of a file.
struct NamedShape {
  std::string name;
  std::vector<std::size_t> shape;
};

/// Which tensor of a file fills which parameter of a model, and what doesn't
/// fit. Lists are in the order of the parameters, or of the file's tensors.
struct LoadingPlan {
  /// A parameter and a tensor of its name that has another shape.
  struct Misshapen {
    std::string parameter;
    std::string tensor;
    std::vector<std::size_t> expected;
    std::vector<std::size_t> found;
  };

  /// For each parameter, the index of the tensor that fills it.
  std::vector<std::optional<std::size_t>> sources;
  /// Parameters of the body that no tensor fills.
  std::vector<std::string> missing;
  /// Parameters of the head that no tensor fills.
  std::vector<std::string> missing_head;
  /// Parameters whose tensor has another shape; their source is nothing.
  std::vector<Misshapen> misshapen;
  /// Tensors of heads (or of a pooler) that this model doesn't have.
  std::vector<std::string> unused;
  /// Tensors that neither this model nor any known head has.
  std::vector<std::string> unexpected;

  /// True where every parameter of the body has its tensor and none is
  /// misshapen; the head may still be missing.
  [[nodiscard]] bool fills_the_body() const {
    return missing.empty() && misshapen.empty();
  }
};

/// Finds the tensor for every parameter by name. A pure function: it looks at
/// names and shapes only. A name in the file may lack the model's prefix
/// ("bert." or "distilbert.") or have one that the model lacks, and layer norms
/// may use the old names gamma and beta; a tensor of exactly the wanted name
/// goes before these. Tied copies and the buffer embeddings.position_ids are
/// nobody's loss and appear in no list.
/// Reference behaviour: transformers 5.23, from_pretrained.
LoadingPlan plan_loading(std::span<const ExpectedParameter> parameters,
                         std::span<const NamedShape> tensors);

}  // namespace distilbert
