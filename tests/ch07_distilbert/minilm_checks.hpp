#pragma once

// The real MiniLM checkpoint: of every layer the norm and three projections of
// each token's row, and columns 0, 16, 32, … of each text's first and last.

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "ch07_distilbert/load_model.hpp"
#include "golden_batch.hpp"

namespace distilbert::testing {

/// The folder of the checkpoint; nothing, and a note, where it isn't there.
inline std::optional<std::filesystem::path> minilm_checkpoint() {
  const char* const named = std::getenv("DISTILBERT_MINILM");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(DISTILBERT_SOURCE_DIR) /
                             "downloads" / "minilm-l6-v2";
  if (!std::filesystem::exists(folder / "model.safetensors")) {
    WARN("skipped: the MiniLM checkpoint isn't in " << folder.string());
    return std::nullopt;
  }
  return folder;
}

/// The sum of 384 products of a value's error each: as the norm, in proportion
/// to the square root of the width.
inline void require_sums_equal(const Matrix<float>& found,
                               const Matrix<double>& expected,
                               double largest,
                               const std::string& name) {
  INFO(name);
  REQUIRE(found.size() == expected.size());
  const double tolerance =
      Tolerance<float>::kForward * (1 + largest) * std::sqrt(384.0);
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(std::abs(values(found)[i] - values(expected)[i]) <= tolerance);
  }
}

inline double largest_of(const Matrix<float>& matrix) {
  double largest = 0;
  for (const float value : values(matrix)) {
    largest = std::max(largest, std::abs(static_cast<double>(value)));
  }
  return largest;
}

/// What the golden holds of each token's row.
struct Summary {
  Matrix<float> norms;        // [1, tokens]
  Matrix<float> projections;  // [tokens, 3]
};

inline Summary summarise(const Matrix<float>& hidden) {
  Summary summary{make_matrix<float>(1, rows(hidden)),
                  make_matrix<float>(rows(hidden), 3)};
  for (std::size_t i = 0; i < rows(hidden); ++i) {
    double squares = 0;
    std::array<double, 3> sums{};
    for (std::size_t j = 0; j < columns(hidden); ++j) {
      const double x = hidden(i, j);
      const auto place = static_cast<double>(j);
      squares += x * x;
      for (std::size_t c = 0; c < 3; ++c) {
        sums[c] +=
            x * std::sin(static_cast<double>(c) + place + place * place / 7);
      }
    }
    summary.norms(0, i) = static_cast<float>(std::sqrt(squares));
    for (std::size_t c = 0; c < 3; ++c) {
      summary.projections(i, c) = static_cast<float>(sums[c]);
    }
  }
  return summary;
}

inline Matrix<float> end_rows(const Matrix<float>& hidden,
                              const std::vector<std::size_t>& offsets) {
  Matrix<float> ends = make_matrix<float>(2 * (offsets.size() - 1), 24);
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    for (std::size_t j = 0; j < 24; ++j) {
      ends(2 * s, j) = hidden(offsets[s], 16 * j);
      ends(2 * s + 1, j) = hidden(offsets[s + 1] - 1, 16 * j);
    }
  }
  return ends;
}

/// Compares a model of this checkpoint with transformers on the texts of a
/// part: "texts" or "pairs".
inline void check_minilm(const Model<float>& model, const std::string& part) {
  const Goldens goldens("minilm/" + part + ".safetensors");
  const PackedBatch batch = batch_of(goldens);
  const auto output = model.forward(batch, {}, HiddenStates::kAll);
  REQUIRE(output.hidden_states.size() == 7);
  for (std::size_t i = 0; i < output.hidden_states.size(); ++i) {
    const std::string name = "hidden_states." + std::to_string(i);
    const Matrix<float>& hidden = output.hidden_states[i].value();
    const Summary summary = summarise(hidden);
    const double largest = largest_of(hidden);
    require_forward_equal(end_rows(hidden, batch.sequence_offsets),
                          goldens.matrix<double>(name + ".rows"), name);
    require_sums_equal(summary.norms, goldens.matrix<double>(name + ".norms"),
                       largest, name + ".norms");
    require_sums_equal(summary.projections,
                       goldens.matrix<double>(name + ".projections"), largest,
                       name + ".projections");
  }
  require_forward_equal(output.pooler_output.value().value(),
                        goldens.matrix<double>("pooler_output"),
                        "pooler_output");
}

}  // namespace distilbert::testing
