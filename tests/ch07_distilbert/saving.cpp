#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "ch07_distilbert/load_model.hpp"
#include "golden_batch.hpp"
#include "model_checks.hpp"
#include "temporary_folder.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::vector<std::string> saved_models() {
  std::vector<std::string> names = golden_models();
  names.emplace_back("variant_bert_layer_norm_eps");
  return names;
}

std::vector<Matrix<float>> outputs(const Model<float>& model,
                                   const Goldens& goldens) {
  const auto output = model.forward(batch_of(goldens), {}, HiddenStates::kAll);
  std::vector<Matrix<float>> all;
  for (const auto& hidden : output.hidden_states) {
    all.push_back(hidden.value());
  }
  if (output.pooler_output) {
    all.push_back(output.pooler_output->value());
  }
  if (output.logits) {
    all.push_back(output.logits->value());
  }
  return all;
}

std::set<std::string> names_in(const std::filesystem::path& path) {
  const SafetensorsFile file = SafetensorsFile::open(path);
  std::set<std::string> names;
  for (const TensorInfo& info : file.tensors()) {
    names.insert(info.name);
  }
  return names;
}

}  // namespace

TEST_CASE("what is saved opens with the same bits and gives the same outputs") {
  for (const std::string& name : saved_models()) {
    INFO(name);
    const TemporaryFolder folder;
    const auto original =
        load_model<float>(ModelFolder(golden_path("models/" + name)));
    save_model(*original.model, folder.path());
    const auto reopened = load_model<float>(ModelFolder(folder.path()));
    REQUIRE(reopened.report.differences.empty());
    REQUIRE(reopened.model->head() == original.model->head());
    REQUIRE(reopened.model->config().labels == original.model->config().labels);
    const Goldens goldens("models/" + name + "/expected.safetensors");
    REQUIRE((outputs(*reopened.model, goldens) ==
             outputs(*original.model, goldens)));
  }
}

TEST_CASE("a saved file has the reference's names, once each, and format pt") {
  for (const std::string& name : saved_models()) {
    INFO(name);
    const TemporaryFolder folder;
    const auto original = golden_path("models/" + name);
    save_model(*load_model<float>(ModelFolder(original)).model, folder.path());
    const auto saved = folder.path() / "model.safetensors";
    REQUIRE(names_in(saved) == names_in(original / "model.safetensors"));
    REQUIRE(SafetensorsFile::open(saved).metadata().at("format") == "pt");
  }
}

TEST_CASE("a saved configuration says what the original's keys say") {
  for (const std::string& name : saved_models()) {
    const TemporaryFolder folder;
    const auto original = golden_path("models/" + name);
    save_model(*load_model<float>(ModelFolder(original)).model, folder.path());
    std::ifstream before(original / "config.json");
    std::ifstream after(folder.path() / "config.json");
    const auto expected = nlohmann::json::parse(before);
    const auto found = nlohmann::json::parse(after);
    for (const char* const key :
         {"architectures", "model_type", "vocab_size", "hidden_size", "dim",
          "num_hidden_layers", "n_layers", "layer_norm_eps", "id2label",
          "problem_type"}) {
      INFO(name << ": " << key);
      if (expected.contains(key)) {
        REQUIRE((found.value(key, nlohmann::json()) == expected[key]));
      }
    }
  }
}

TEST_CASE("a model can be saved over the file that it is mapped from") {
  const TemporaryFolder folder;
  const auto source = golden_path("models/bert_body");
  for (const char* const name : {"config.json", "model.safetensors"}) {
    std::filesystem::copy_file(source / name, folder.path() / name);
  }
  const auto loaded = load_model<float>(ModelFolder(folder.path()));
  save_model(*loaded.model, folder.path());
  const Goldens goldens("models/bert_body/expected.safetensors");
  const auto reopened = load_model<float>(ModelFolder(folder.path()));
  REQUIRE(
      (outputs(*reopened.model, goldens) == outputs(*loaded.model, goldens)));
}
