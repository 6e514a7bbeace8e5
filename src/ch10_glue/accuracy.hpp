#pragma once

#include <span>

namespace distilbert {

/// The share of `predictions` that equal their label, from 0 to 1. Both have
/// the same length, at least 1 (std::logic_error otherwise).
[[nodiscard]] double accuracy(std::span<const int> predictions,
                              std::span<const int> labels);

}  // namespace distilbert
