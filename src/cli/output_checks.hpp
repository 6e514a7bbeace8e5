#pragma once

#include <filesystem>

#include "ch06_bert/model.hpp"

namespace distilbert::cli {

/// Throws Error where a file can't be put under this name: where there is a
/// folder, or a device, which a finished file would replace.
void check_output_file(const std::filesystem::path& file);

/// The file in which the command glue notes whose folder it is.
inline constexpr const char* kGlueNoteName = "glue.json";

/// Throws Error where a folder holds a model that no run of training left
/// there: another command's, which training would overwrite. So it does for
/// the folder of the command glue.
void check_training_output(const std::filesystem::path& folder);

/// Throws Error where a folder that has no note of the command glue holds a
/// model or a training.
void check_glue_output(const std::filesystem::path& folder);

/// Throws Error where a folder holds anything but what saving `model` there
/// leaves, as an earlier run of the same command does.
void check_model_output(const std::filesystem::path& folder,
                        const Model<float>& model);

}  // namespace distilbert::cli
