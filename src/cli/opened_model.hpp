#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ch02_tokenizer/tokenizer.hpp"
#include "ch07_distilbert/load_model.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "cli/command.hpp"

namespace distilbert::cli {

/// Which model a command uses, and how.
struct ModelChoice {
  std::string name;  ///< a folder, or a name in Hugging Face's cache
  Precision precision = Precision::kFloat32;
};

/// A model with its tokenizer, as most commands need them.
struct OpenedModel {
  ModelFolder folder;
  Tokenizer tokenizer;
  std::unique_ptr<Model<float>> model;
};

/// Opens a model for inference, with its fast pieces. Throws Error where it
/// can't be used, or where its vocabulary has more tokens than the model.
OpenedModel open_model(const ModelChoice& choice,
                       const LoadOptions& options = {});

/// Throws Error unless the tokenizer's ids fit the model.
void check_vocabulary(const Tokenizer& tokenizer,
                      const ModelConfig& config,
                      const ModelFolder& folder);

/// Adds the required option --model.
void add_model_option(CLI::App& command, std::string& model);

/// Adds the required option --model, and --precision.
void add_model_choice(CLI::App& command, ModelChoice& choice);

/// Adds --max-length, in tokens.
void add_max_length_option(CLI::App& command,
                           std::optional<std::size_t>& max_length);

}  // namespace distilbert::cli
