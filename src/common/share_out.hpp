#pragma once

#include <cstddef>
#include <utility>

namespace distilbert {

/// The part of [0, count) that share `index` of `shares` gets, as [begin, end):
/// consecutive parts whose sizes differ by at most one, longer ones first.
std::pair<std::size_t, std::size_t> share_out(std::size_t count,
                                              std::size_t shares,
                                              std::size_t index);

}  // namespace distilbert
