#include "ch07_distilbert/student_name.hpp"

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "ch07_distilbert/load_model.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

namespace {

const std::vector<std::size_t> kLayers{0, 2, 4, 7, 9, 11};

// The mapping of the reference's script, written down a second time: a layer's
// sixteen tensors, and those outside the layers.
const std::map<std::string, std::string> kInLayer{
    {"attention.self.query", "attention.q_lin"},
    {"attention.self.key", "attention.k_lin"},
    {"attention.self.value", "attention.v_lin"},
    {"attention.output.dense", "attention.out_lin"},
    {"attention.output.LayerNorm", "sa_layer_norm"},
    {"intermediate.dense", "ffn.lin1"},
    {"output.dense", "ffn.lin2"},
    {"output.LayerNorm", "output_layer_norm"}};

std::map<std::string, std::string> expected_names() {
  std::map<std::string, std::string> names;
  const auto both = [&names](const std::string& from, const std::string& to) {
    for (const char* const part : {".weight", ".bias"}) {
      names[from + part] = to + part;
    }
  };
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    for (const auto& [from, to] : kInLayer) {
      both("bert.encoder.layer." + std::to_string(kLayers[i]) + "." + from,
           "distilbert.transformer.layer." + std::to_string(i) + "." + to);
    }
  }
  for (const char* const table : {"word", "position"}) {
    const std::string name =
        "embeddings." + std::string(table) + "_embeddings.weight";
    names["bert." + name] = "distilbert." + name;
  }
  both("bert.embeddings.LayerNorm", "distilbert.embeddings.LayerNorm");
  both("cls.predictions.transform.dense", "vocab_transform");
  both("cls.predictions.transform.LayerNorm", "vocab_layer_norm");
  names["cls.predictions.bias"] = "vocab_projector.bias";
  return names;
}

std::vector<std::string> names_of(ModelKind kind,
                                  HeadKind head,
                                  std::int64_t layers) {
  ModelConfig config = default_model_config(kind);
  config.layers = layers;
  std::vector<std::string> names;
  for (const auto& parameter :
       make_model<float>(config, head)->parameters().parameters()) {
    names.push_back(parameter->name);
  }
  return names;
}

}  // namespace

TEST_CASE("every tensor of a masked BERT of twelve layers has its name") {
  const auto expected = expected_names();
  std::set<std::string> used;
  for (const std::string& name :
       names_of(ModelKind::kBert, HeadKind::kMaskedLm, 12)) {
    INFO(name);
    const auto found = expected.find(name);
    const auto student = student_name(name, kLayers);
    REQUIRE(student.has_value() == (found != expected.end()));
    if (student) {
      REQUIRE(*student == found->second);
      REQUIRE(used.insert(*student).second);
    }
  }
  REQUIRE(used.size() == expected.size());
}

TEST_CASE("the names are exactly those of a student of six layers") {
  std::set<std::string> from_teacher;
  for (const std::string& name :
       names_of(ModelKind::kBert, HeadKind::kMaskedLm, 12)) {
    if (const auto student = student_name(name, kLayers)) {
      from_teacher.insert(*student);
    }
  }
  const auto names = names_of(ModelKind::kDistilBert, HeadKind::kMaskedLm, 6);
  REQUIRE(from_teacher == std::set<std::string>(names.begin(), names.end()));
}

TEST_CASE("heads keep their names; what a student lacks has none") {
  for (const std::string name : {"classifier.weight", "classifier.bias",
                                 "qa_outputs.weight", "qa_outputs.bias"}) {
    REQUIRE(student_name(name, kLayers) == name);
  }
  for (const char* const name :
       {"bert.pooler.dense.weight", "bert.pooler.dense.bias",
        "bert.embeddings.token_type_embeddings.weight",
        "bert.embeddings.position_ids", "cls.seq_relationship.weight",
        "bert.encoder.layer.1.output.dense.weight",
        "bert.encoder.layer.12.output.dense.weight",
        "bert.encoder.layer.0.surprise",
        "bert.encoder.layer.x.output.dense.bias", "bert.encoder.layer.",
        "nothing", ""}) {
    INFO(name);
    REQUIRE(!student_name(name, kLayers).has_value());
  }
}

TEST_CASE("layers keep the order in which they are given") {
  const std::vector<std::size_t> backwards{11, 0};
  REQUIRE(student_name("bert.encoder.layer.11.output.dense.bias", backwards) ==
          "distilbert.transformer.layer.0.ffn.lin2.bias");
  REQUIRE(student_name("bert.encoder.layer.0.output.dense.bias", backwards) ==
          "distilbert.transformer.layer.1.ffn.lin2.bias");
  // Layer 1 is no prefix of layer 11.
  REQUIRE(!student_name("bert.encoder.layer.1.output.dense.bias", backwards));
}
