#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ch06_bert/model.hpp"
#include "common/safetensors.hpp"

namespace distilbert {

/// What to do where a checkpoint holds the body of a model but not its head.
enum class MissingHead : bool { kRefuse, kInitialize };

/// What a loader has to tell a person; empty where all fits.
struct LoadReport {
  /// Tensors of the file that weren't used, and the like, as one line.
  std::string differences;
  /// Names of parameters that the file lacks and that were newly initialised.
  std::vector<std::string> initialized;
  /// The file, which parameters may be mapped from.
  std::shared_ptr<MappedFile> weights;
};

/// Fills the parameters of a model from a checkpoint. Tensors whose type and
/// alignment allow it are mapped and not copied: they are read when they are
/// first used, and changing them changes this process's memory and never the
/// file. Others are converted. Throws Error that lists everything that is
/// missing or misshapen at once.
template <class T>
LoadReport load_parameters(Model<T>& model,
                           const SafetensorsFile& file,
                           MissingHead missing_head,
                           std::uint64_t seed);

/// Gives all parameters the values of a new, untrained model.
template <class T>
void initialize_parameters(Model<T>& model, std::uint64_t seed);

/// Writes config.json and model.safetensors as transformers reads and writes
/// them, creating the folder if need be. Each file appears whole or not at all;
/// the configuration comes last. Tied weights are written once.
template <class T>
void save_model(const Model<T>& model, const std::filesystem::path& folder);

/// The name a parameter has in a saved file: that of the parameter, without
/// the family's prefix where the model is a body alone, as in the reference.
std::string saved_name(const std::string& parameter, HeadKind head);

/// Copies vocab.txt, and tokenizer_config.json if there is one, from one model
/// folder to another.
void copy_tokenizer(const std::filesystem::path& from,
                    const std::filesystem::path& to);

}  // namespace distilbert
