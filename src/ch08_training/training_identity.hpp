#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace distilbert {

/// What makes two training runs the same, as names and values in the order in
/// which differences are reported: {{"task", "sst2"}, {"epochs", "3"}, ...}.
using TrainingIdentity = std::vector<std::pair<std::string, std::string>>;

/// The parts' entries, one part after another.
TrainingIdentity joined(const std::vector<TrainingIdentity>& parts);

/// An identity out of JSON as json_text writes it, an array of pairs. Throws
/// Error, with `name` (of the file), for anything else.
TrainingIdentity identity_from_json(const nlohmann::json& json,
                                    const std::string& name);

/// The first difference between an identity that was read from a file and this
/// run's, as a text, "learning-rate is 5e-05 there and 3e-05 here", or an empty
/// text where the two are the same.
std::string first_difference(const TrainingIdentity& there,
                             const TrainingIdentity& run);

}  // namespace distilbert
