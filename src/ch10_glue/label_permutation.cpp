#include "ch10_glue/label_permutation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/list_names.hpp"
#include "common/error.hpp"

namespace distilbert {

namespace {

char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower_ascii, lower_ascii);
}

// Empty if a wanted name isn't there.
std::vector<std::size_t> positions_of(std::span<const std::string> wanted,
                                      std::span<const std::string> names) {
  std::vector<std::size_t> positions;
  for (const std::string& name : wanted) {
    const auto found = std::ranges::find_if(
        names,
        [&](const std::string& other) { return same_name(name, other); });
    if (found == names.end()) {
      return {};
    }
    positions.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return positions;
}

}  // namespace

// exercise 10.4 begin
std::vector<std::size_t> label_permutation(
    std::span<const std::string> model_labels,
    std::span<const std::string> task_labels) {
  std::vector<std::string> placeholders;
  placeholders.reserve(task_labels.size());
  for (std::size_t i = 0; i < task_labels.size(); ++i) {
    placeholders.push_back(fmt::format("LABEL_{}", i));
  }
  // As many names on both sides, each of the task's found: then none of the
  // model's is left over or there twice.
  // --8<-- [start:match]
  if (model_labels.size() == task_labels.size()) {
    std::vector<std::size_t> positions =
        positions_of(task_labels, model_labels);
    if (positions.empty()) {
      positions = positions_of(placeholders, model_labels);
    }
    if (!positions.empty()) {
      return positions;
    }
  }
  // --8<-- [end:match]
  fail("the model's labels ({}) don't match the task's ({})",
       list_names(model_labels), list_names(task_labels));
}

// exercise 10.4 end

}  // namespace distilbert
