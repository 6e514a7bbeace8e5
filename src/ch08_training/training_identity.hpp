#pragma once

#include <string>
#include <utility>
#include <vector>

namespace distilbert {

/// What makes two training runs the same, as names and values in the order in
/// which differences are reported: {{"task", "sst2"}, {"epochs", "3"}, ...}.
using TrainingIdentity = std::vector<std::pair<std::string, std::string>>;

/// The first difference as a text, "learning-rate is 5e-05 there and 3e-05
/// here", or an empty text where the two are the same.
std::string first_difference(const TrainingIdentity& there,
                             const TrainingIdentity& here);

}  // namespace distilbert
