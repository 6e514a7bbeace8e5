#include "cli/output_checks.hpp"

#include <algorithm>
#include <system_error>

#include "ch06_bert/model_files.hpp"
#include "ch08_training/trainer.hpp"
#include "cli/is_there.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder) {
  fail("{}: expected a new folder or one of this command, found another model",
       folder.string());
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
  const bool has_model = is_there(folder / "config.json") ||
                         is_there(folder / "model.safetensors");
  if (has_model && !is_there(folder / kCheckpointName)) {
    refuse(folder);
  }
}

void check_model_output(const fs::path& folder, const Model<float>& model) {
  const fs::path weights = folder / "model.safetensors";
  const bool has_weights = is_there(weights);
  if (is_there(folder / kCheckpointName) ||
      (is_there(folder / "config.json") && !has_weights) ||
      (has_weights && !holds(SafetensorsFile::open(weights), model))) {
    refuse(folder);
  }
}

}  // namespace distilbert::cli
