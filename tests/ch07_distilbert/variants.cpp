// The forms in which real checkpoints come: without the prefix, with gamma and
// beta, in half precision, with tied weights stored twice, without a head.

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "ch07_distilbert/load_model.hpp"
#include "expect_error.hpp"
#include "golden_batch.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::vector<std::filesystem::path> variants() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry :
       std::filesystem::directory_iterator(golden_path("models"))) {
    if (entry.path().filename().string().starts_with("variant_")) {
      found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

std::set<std::string> missing_in(const std::filesystem::path& folder) {
  std::ifstream file(folder / "loading.json");
  return nlohmann::json::parse(file)["missing_keys"];
}

std::vector<std::string> unexpected_in(const std::filesystem::path& folder) {
  std::ifstream file(folder / "loading.json");
  return nlohmann::json::parse(file)["unexpected_keys"];
}

template <class T>
void check_outputs(const Model<T>& model, const Goldens& goldens) {
  const ModelOutput<T> output =
      model.forward(batch_of(goldens), {}, HiddenStates::kAll);
  for (std::size_t i = 0; i < output.hidden_states.size(); ++i) {
    const std::string name = "hidden_states." + std::to_string(i);
    require_forward_equal(output.hidden_states[i].value(),
                          goldens.matrix<double>(name), name);
  }
  if (goldens.has("pooler_output")) {
    require_forward_equal(output.pooler_output.value().value(),
                          goldens.matrix<double>("pooler_output"),
                          "pooler_output");
  }
  if (goldens.has("logits")) {
    require_forward_equal(output.logits.value().value(),
                          goldens.matrix<double>("logits"), "logits");
  }
}

template <class T>
void check_variant(const std::filesystem::path& folder) {
  const std::set<std::string> missing = missing_in(folder);
  const auto loaded = load_model<T>(ModelFolder(folder),
                                    {.missing_head = MissingHead::kInitialize});
  REQUIRE(std::set<std::string>(loaded.report.initialized.begin(),
                                loaded.report.initialized.end()) == missing);
  for (const std::string& name : unexpected_in(folder)) {
    INFO(name);
    REQUIRE(loaded.report.differences.find(name) != std::string::npos);
  }
  if (missing.empty()) {
    REQUIRE(loaded.report.differences.empty());
  }
  check_outputs(*loaded.model, Goldens("models/" + folder.filename().string() +
                                       "/expected.safetensors"));
}

}  // namespace

TEMPLATE_TEST_CASE(
    "every form of checkpoint opens as transformers opens it, nothing lost or "
    "left over",
    "[goldens]",
    float,
    double) {
  const auto folders = variants();
  REQUIRE(folders.size() == 20);
  for (const auto& folder : folders) {
    INFO(folder.filename());
    check_variant<TestType>(folder);
  }
}

TEST_CASE("a checkpoint without the wanted head is refused unless one is new") {
  for (const std::string family : {"bert", "distilbert"}) {
    const ModelFolder folder(
        golden_path("models/variant_" + family + "_missing_head"));
    expect_error([&] { load_model<float>(folder); },
                 {"model.safetensors", "classifier.weight"});
  }
}

TEST_CASE("a new head has the seed's weights, zero biases and fit labels") {
  const ModelFolder folder(golden_path("models/bert_body"));
  const LoadOptions options{.head = HeadKind::kSequenceClassification,
                            .labels = std::vector<std::string>{"a", "b", "c"},
                            .missing_head = MissingHead::kInitialize,
                            .seed = 7};
  LoadOptions other = options;
  other.seed = 8;
  const auto weights = [&](const LoadOptions& given) {
    const auto loaded = load_model<float>(folder, given);
    REQUIRE(loaded.report.initialized ==
            std::vector<std::string>{"classifier.weight", "classifier.bias"});
    const auto all = loaded.model->parameters().parameters();
    const Parameter<float>& bias = *all.back();
    REQUIRE(bias.name == "classifier.bias");
    REQUIRE(std::ranges::all_of(values(*bias.value),
                                [](float value) { return value == 0; }));
    const Parameter<float>& weight = **(all.end() - 2);
    REQUIRE(weight.shape == std::vector<std::size_t>{3, 24});
    return *weight.value;
  };
  REQUIRE((weights(options) == weights(options)));
  REQUIRE((weights(options) != weights(other)));
}
