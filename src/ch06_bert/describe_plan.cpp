#include "ch06_bert/describe_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ch06_bert/plan_loading.hpp"
#include "common/printable.hpp"
#include "common/safetensors_header.hpp"

namespace distilbert {

namespace {

// A file may hold any number of tensors that nobody knows.
constexpr std::size_t kMostNames = 400;

void add(std::string& message,
         std::string_view what,
         const std::vector<std::string>& names) {
  if (names.empty()) {
    return;
  }
  message +=
      fmt::format("{}{} {} (", message.empty() ? "" : "; ", names.size(), what);
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i) {
    message += fmt::format("{}{}", i == 0 ? "" : ", ", printable(names[i]));
  }
  if (names.size() > kMostNames) {
    message += fmt::format(" and {} more", names.size() - kMostNames);
  }
  message += ")";
}

}  // namespace

std::string describe(const LoadingPlan& plan) {
  std::vector<std::string> misshapen;
  misshapen.reserve(plan.misshapen.size());
  for (const auto& tensor : plan.misshapen) {
    misshapen.push_back(fmt::format("{}: expected {}, found {}", tensor.tensor,
                                    describe_shape(tensor.expected),
                                    describe_shape(tensor.found)));
  }
  std::string message;
  add(message, "missing", plan.missing);
  add(message, "of another shape", misshapen);
  add(message, "unexpected", plan.unexpected);
  add(message, "of the head missing", plan.missing_head);
  add(message, "of other heads unused", plan.unused);
  return message;
}

}  // namespace distilbert
