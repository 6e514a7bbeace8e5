#pragma once

#include <cstdint>
#include <optional>

#include "ch03_autograd/parameter.hpp"

namespace distilbert {

/// Gives a declared parameter its elements as a new model of the reference has
/// them: draws from N(0, deviation²) for weights and embeddings, 1 for the gain
/// of a layer norm, 0 for every bias. Where it is a table of embeddings,
/// `padding_row` becomes 0. `number` tells the parameters of a model apart, so
/// that each has draws of its own.
template <class T>
void initialize_parameter(Parameter<T>& parameter,
                          double deviation,
                          std::uint64_t seed,
                          std::uint32_t number,
                          std::optional<std::int64_t> padding_row);

}  // namespace distilbert
