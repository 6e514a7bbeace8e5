#include "open_model.hpp"

#include "ch07_distilbert/load_model.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "common/error.hpp"

namespace distilbert {
namespace {

Precision precision_of(const std::string& name) {
  if (name == "fp32") {
    return Precision::kFloat32;
  }
  if (name == "int8") {
    return Precision::kInt8;
  }
  throw UsageError("no precision " + name + "; there is: fp32, int8");
}

}  // namespace

std::unique_ptr<Model<float>> open_model(const std::filesystem::path& folder,
                                         const std::string& precision,
                                         Purpose purpose) {
  LoadedModel<float> loaded = load_model<float>(ModelFolder(folder));
  if (purpose == Purpose::kInference) {
    use_fast_pieces(loaded, precision_of(precision));
  }
  return std::move(loaded.model);
}

}  // namespace distilbert
