#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace distilbert {

/// The order in which an epoch visits its examples: a permutation of 0 ...
/// examples - 1, each as likely as any other (Fisher and Yates's shuffle). It
/// is a pure function of its arguments, so a resumed run needs no record of
/// it. At most 2^32 examples; std::logic_error otherwise.
std::vector<std::size_t> epoch_order(std::size_t examples,
                                     std::uint64_t seed,
                                     std::size_t epoch);

}  // namespace distilbert
