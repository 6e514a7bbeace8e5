#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "ch06_bert/model.hpp"

namespace distilbert {

/// What a model of the bench is opened for.
enum class Purpose : bool { kInference, kTraining };

/// Opens a model folder and prepares it for the bench: the one place that says
/// how the program runs at its best. `precision` is "fp32" or "int8"; it
/// matters for inference alone. Throws UsageError for any other.
std::unique_ptr<Model<float>> open_model(const std::filesystem::path& folder,
                                         const std::string& precision,
                                         Purpose purpose);

}  // namespace distilbert
