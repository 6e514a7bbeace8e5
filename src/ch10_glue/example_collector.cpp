#include "ch10_glue/example_collector.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "ch10_glue/list_names.hpp"
#include "common/error.hpp"
#include "common/printable.hpp"

namespace distilbert {

namespace {

int parse_class(const Task& task,
                std::string_view label,
                const std::string& place) {
  const auto found =
      std::find(task.file_labels.begin(), task.file_labels.end(), label);
  if (found == task.file_labels.end()) {
    fail("{}: label \"{}\", expected one of {}", place, printable(label, 40),
         list_names(task.file_labels));
  }
  return static_cast<int>(found - task.file_labels.begin());
}

float parse_score(const Task& task,
                  std::string_view label,
                  const std::string& place) {
  double score = 0.0;
  const char* begin = label.data();
  const char* end = begin + label.size();
  const auto [stop, error] = std::from_chars(begin, end, score);
  // STS-B's alone have bounds. Written so that NaN, which from_chars reads,
  // doesn't pass.
  const bool fits = task.custom ? std::isfinite(static_cast<float>(score))
                                : score >= 0.0 && score <= 5.0;
  if (error != std::errc() || stop != end || !fits) {
    fail("{}: score \"{}\", expected a number{}", place, printable(label, 40),
         task.custom ? "" : " from 0 to 5");
  }
  return static_cast<float>(score);
}

}  // namespace

ExampleCollector::ExampleCollector(const Task& task,
                                   std::filesystem::path file,
                                   Split split,
                                   std::string_view unit)
    : task_(&task), file_(std::move(file)), split_(split), unit_(unit) {}

void ExampleCollector::add(Example example,
                           std::optional<std::string_view> label) {
  example.unit = unit_;
  if (label) {
    const std::string place =
        fmt::format("{}, {} {}", file_.string(), unit_, example.line);
    if (task_->regression) {
      example.score = parse_score(*task_, *label, place);
    } else {
      example.label = parse_class(*task_, *label, place);
    }
  }
  dataset_.examples.push_back(std::move(example));
}

void ExampleCollector::refuse(std::string what) {
  constexpr std::size_t kNamed = 3;
  if (split_ != Split::kTrain) {
    fail("{}, {}", file_.string(), what);
  }
  ++dataset_.skipped;
  if (dataset_.first_skipped.size() < kNamed) {
    dataset_.first_skipped.push_back(std::move(what));
  }
}

Dataset ExampleCollector::finish() && {
  if (dataset_.examples.empty()) {
    fail("{}: no rows{}{}", file_.string(), dataset_.skipped == 0 ? "" : "; ",
         describe_skipped(dataset_, file_));
  }
  return std::move(dataset_);
}

}  // namespace distilbert
