#include "ch07_distilbert/student_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace distilbert {
namespace {

using Renaming = std::pair<std::string_view, std::string_view>;

constexpr std::array<Renaming, 8> kInLayer = {{
    {"attention.self.query.", "attention.q_lin."},
    {"attention.self.key.", "attention.k_lin."},
    {"attention.self.value.", "attention.v_lin."},
    {"attention.output.dense.", "attention.out_lin."},
    {"attention.output.LayerNorm.", "sa_layer_norm."},
    {"intermediate.dense.", "ffn.lin1."},
    {"output.dense.", "ffn.lin2."},
    {"output.LayerNorm.", "output_layer_norm."},
}};

constexpr std::array<Renaming, 9> kOutsideLayers = {{
    {"bert.embeddings.word_embeddings.",
     "distilbert.embeddings.word_embeddings."},
    {"bert.embeddings.position_embeddings.",
     "distilbert.embeddings.position_embeddings."},
    {"bert.embeddings.LayerNorm.", "distilbert.embeddings.LayerNorm."},
    {"cls.predictions.transform.dense.", "vocab_transform."},
    {"cls.predictions.transform.LayerNorm.", "vocab_layer_norm."},
    {"cls.predictions.bias", "vocab_projector.bias"},
    {"cls.predictions.decoder.", "vocab_projector."},
    {"classifier.", "classifier."},
    {"qa_outputs.", "qa_outputs."},
}};

template <std::size_t N>
std::optional<std::string> renamed(std::string_view name,
                                   const std::array<Renaming, N>& renamings) {
  for (const auto& [from, to] : renamings) {
    if (name.starts_with(from)) {
      return std::string(to) + std::string(name.substr(from.size()));
    }
  }
  return std::nullopt;
}

}  // namespace

// --8<-- [start:student_name]
std::optional<std::string> student_name(const std::string& teacher_name,
                                        std::span<const std::size_t> layers) {
  constexpr std::string_view kLayerPrefix = "bert.encoder.layer.";
  if (!teacher_name.starts_with(kLayerPrefix)) {
    return renamed(teacher_name, kOutsideLayers);
  }
  const std::string_view rest =
      std::string_view(teacher_name).substr(kLayerPrefix.size());
  std::size_t layer = 0;
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), layer);
  const auto chosen = std::ranges::find(layers, layer);
  if (error != std::errc{} || chosen == layers.end()) {
    return std::nullopt;
  }
  const auto in_layer = renamed(
      rest.substr(static_cast<std::size_t>(end - rest.data()) + 1), kInLayer);
  if (!in_layer) {
    return std::nullopt;
  }
  return "distilbert.transformer.layer." +
         std::to_string(chosen - layers.begin()) + "." + *in_layer;
}

// --8<-- [end:student_name]

}  // namespace distilbert
