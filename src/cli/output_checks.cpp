#include "cli/output_checks.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "ch06_bert/model_files.hpp"
#include "ch08_training/trainer.hpp"
#include "cli/is_there.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder, std::string_view found) {
  fail("{}: expected a new folder or one of this command, found {}",
       folder.string(), found);
}

constexpr std::string_view kAnotherModel = "another model";

bool has_model_files(const fs::path& folder) {
  return is_there(folder / "config.json") ||
         is_there(folder / "model.safetensors");
}

bool holds(const SafetensorsFile& file, const Model<float>& model) {
  const auto parameters = model.parameters().parameters();
  return file.tensors().size() == parameters.size() &&
         std::ranges::all_of(parameters, [&](const auto& parameter) {
           const TensorInfo* const info =
               file.find(saved_name(parameter->name, model.head()));
           return info != nullptr && info->shape == parameter->shape &&
                  info->dtype == Dtype::kF32 &&
                  std::ranges::equal(
                      file.bytes(*info),
                      std::as_bytes(values(std::as_const(*parameter->value))));
         });
}

}  // namespace

void check_output_file(const fs::path& file) {
  std::error_code ignored;
  const fs::file_status status = fs::status(file, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    fail("{}: can't be written: expected a file, found {}", file.string(),
         fs::is_directory(status) ? "a folder" : "a device");
  }
}

void check_training_output(const fs::path& folder) {
  if (is_there(folder / kGlueNoteName)) {
    refuse(folder, "results of the command glue");
  }
  if (has_model_files(folder) && !is_there(folder / kCheckpointName)) {
    refuse(folder, kAnotherModel);
  }
}

void check_glue_output(const fs::path& folder) {
  if (has_model_files(folder)) {
    refuse(folder, "a model");
  }
  if (is_there(folder / kCheckpointName)) {
    refuse(folder, "a training");
  }
}

void check_model_output(const fs::path& folder, const Model<float>& model) {
  const fs::path weights = folder / "model.safetensors";
  const bool has_weights = is_there(weights);
  if (is_there(folder / kCheckpointName) ||
      (is_there(folder / "config.json") && !has_weights) ||
      (has_weights && !holds(SafetensorsFile::open(weights), model))) {
    refuse(folder, kAnotherModel);
  }
}

}  // namespace distilbert::cli
