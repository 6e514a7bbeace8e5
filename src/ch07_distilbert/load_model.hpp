#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ch06_bert/model_files.hpp"
#include "ch06_bert/model_folder.hpp"

namespace distilbert {

/// A model of the family that its configuration names, with declared
/// parameters.
template <class T>
std::unique_ptr<Model<T>> make_model(const ModelConfig& config, HeadKind head);

/// How a model is to be opened.
struct LoadOptions {
  /// The head to put on the body; else the checkpoint's own.
  std::optional<HeadKind> head = std::nullopt;
  /// Names of the labels of that head; else the checkpoint's own.
  std::optional<std::vector<std::string>> labels = std::nullopt;
  /// What that head's logits mean; else what the checkpoint says.
  std::optional<ProblemType> problem_type = std::nullopt;
  MissingHead missing_head = MissingHead::kRefuse;
  /// For a head that is newly initialised.
  std::uint64_t seed = 42;
};

/// A model, and what of it the file filled.
template <class T>
struct LoadedModel {
  std::unique_ptr<Model<T>> model;
  LoadReport report;
};

/// Opens a model folder of either family: config.json and model.safetensors.
/// Without LoadOptions::head the head is what architectures[0] says, or, where
/// the configuration doesn't say, what the tensors belong to. Throws Error that
/// names the file and lists what is wrong in it.
template <class T>
LoadedModel<T> load_model(const ModelFolder& folder,
                          const LoadOptions& options = {});

}  // namespace distilbert
