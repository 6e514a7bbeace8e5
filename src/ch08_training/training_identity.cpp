#include "ch08_training/training_identity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/error.hpp"
#include "common/json.hpp"

namespace distilbert {
namespace {

std::optional<std::string> find(const TrainingIdentity& identity,
                                const std::string& name) {
  const auto found = std::ranges::find(
      identity, name, &std::pair<std::string, std::string>::first);
  return found == identity.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

TrainingIdentity joined(const std::vector<TrainingIdentity>& parts) {
  TrainingIdentity all;
  for (const TrainingIdentity& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TrainingIdentity identity_from_json(const nlohmann::json& json,
                                    const std::string& name) {
  try {
    return json.get<TrainingIdentity>();
  } catch (const nlohmann::json::exception&) {
    fail("{}: expected pairs of strings, found {}", name, describe_json(json));
  }
}

std::string first_difference(const TrainingIdentity& there,
                             const TrainingIdentity& run) {
  // A file has replaced what isn't UTF-8.
  const auto here =
      nlohmann::json::parse(json_text(run)).get<TrainingIdentity>();
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
