#include "ch10_glue/published_scores.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace distilbert {

std::optional<double> PublishedScores::score(std::string_view task) const {
  const auto found =
      std::ranges::find(scores, task, &std::pair<std::string, double>::first);
  return found == scores.end() ? std::nullopt : std::optional(found->second);
}

const std::vector<PublishedScores>& published_scores() {
  static const std::vector<PublishedScores> published = {
      {.model = "DistilBERT",
       .from = "README of transformers' distillation project",
       .scores = {{"cola", 51.3},
                  {"sst2", 91.3},
                  {"mrpc", 87.5},
                  {"stsb", 86.9},
                  {"qqp", 88.5},
                  {"mnli", 82.1},
                  {"qnli", 89.2},
                  {"rte", 59.9},
                  {"wnli", 56.3}}},
      {.model = "BERT-base",
       .from = "README of transformers' distillation project",
       .scores = {{"cola", 56.3},
                  {"sst2", 92.7},
                  {"mrpc", 88.6},
                  {"stsb", 89.0},
                  {"qqp", 89.6},
                  {"mnli", 84.7},
                  {"qnli", 91.8},
                  {"rte", 69.3},
                  {"wnli", 53.5}}}};
  return published;
}

}  // namespace distilbert
