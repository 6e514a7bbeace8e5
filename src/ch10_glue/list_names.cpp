#include "ch10_glue/list_names.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "common/printable.hpp"

namespace distilbert {

std::string list_names(std::span<const std::string> names) {
  constexpr std::size_t kMostNames = 20;
  constexpr std::size_t kLongestName = 40;
  const std::size_t n = std::min(names.size(), kMostNames);
  std::string list;
  for (std::size_t i = 0; i < n; ++i) {
    list += fmt::format("{}\"{}\"", i == 0 ? "" : ", ",
                        printable(names[i], kLongestName));
  }
  if (names.size() > n) {
    list += fmt::format(" and {} more", names.size() - n);
  }
  return list;
}

}  // namespace distilbert
