#include "ch10_glue/task.hpp"

#include <fmt/core.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/label_permutation.hpp"
#include "common/error.hpp"
#include "common/printable.hpp"

namespace distilbert {

namespace {

// "SST-2", "sst-2" and "sst_2" are one spelling: sst2.
std::string plain_spelling(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '-' && c != '_') {
      plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return plain;
}

}  // namespace

std::string_view metric_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::kAccuracy:
      return "accuracy";
    case MetricKind::kF1:
      return "f1";
    case MetricKind::kMatthews:
      return "matthews_correlation";
    case MetricKind::kPearson:
      return "pearson";
    case MetricKind::kSpearman:
      return "spearmanr";
  }
  require(/*condition=*/false, "metric_name: {} is no metric",
          static_cast<int>(kind));
  return {};
}

const Task& find_task(std::string_view name) {
  const std::string wanted = plain_spelling(name);
  std::string names;
  for (const Task& task : glue_tasks()) {
    if (wanted == task.name) {
      return task;
    }
    names += (names.empty() ? "" : ", ") + task.name;
  }
  throw UsageError(fmt::format("unknown task \"{}\", expected one of {}",
                               printable(name, 40), names));
}

std::vector<std::size_t> match_labels(
    const Task& task, std::span<const std::string> model_labels) {
  if (model_labels.size() != task.outputs()) {
    fail("the model has {} labels, {} needs {}", model_labels.size(),
         task.display_name, task.outputs());
  }
  if (task.regression) {
    return {0};
  }
  return label_permutation(model_labels, task.label_names);
}

}  // namespace distilbert
