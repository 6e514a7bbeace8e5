#include "ch08_training/training_identity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace distilbert {
namespace {

std::optional<std::string> find(const TrainingIdentity& identity,
                                const std::string& name) {
  const auto found = std::ranges::find(
      identity, name, &std::pair<std::string, std::string>::first);
  return found == identity.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::string first_difference(const TrainingIdentity& there,
                             const TrainingIdentity& here) {
  for (const auto& [name, value] : here) {
    const std::optional<std::string> other = find(there, name);
    if (other != value) {
      return fmt::format("{} is {} there and {} here", name,
                         other.value_or("unset"), value);
    }
  }
  for (const auto& [name, value] : there) {
    if (!find(here, name)) {
      return fmt::format("{} is {} there and unset here", name, value);
    }
  }
  return "";
}

}  // namespace distilbert
