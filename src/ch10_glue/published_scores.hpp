#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace distilbert {

/// What a publication reports of a model on GLUE's dev sets.
struct PublishedScores {
  std::string model;  ///< "DistilBERT"
  std::string from;   ///< where the figures are from
  /// The task's name and its score, from 0 to 100, one figure a task.
  std::vector<std::pair<std::string, double>> scores;

  /// The task's score; nothing where it isn't reported.
  [[nodiscard]] std::optional<double> score(std::string_view task) const;
};

/// BERT-base (uncased) and the DistilBERT distilled from it.
///
/// Source: the table of results in the README of the reference's distillation
/// project, with whose code DistilBERT was trained.
[[nodiscard]] const std::vector<PublishedScores>& published_scores();

}  // namespace distilbert
