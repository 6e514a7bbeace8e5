#pragma once

#include <string>

#include "ch06_bert/plan_loading.hpp"

namespace distilbert {

/// Everything in a plan that doesn't fit, as one line for people: missing,
/// misshapen and unexpected tensors, a head that is missing, heads that aren't
/// used. Empty where all fits.
std::string describe(const LoadingPlan& plan);

}  // namespace distilbert
