#include "ch10_glue/official_rows.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace distilbert {

namespace {

constexpr std::array<OfficialRows, 9> kOfficialRows = {{
    {"cola", 8551, 1043},
    {"sst2", 67349, 872},
    {"mrpc", 3668, 408},
    {"stsb", 5749, 1500},
    {"qqp", 363846, 40430},
    {"mnli", 392702, 9815 + 9832},
    {"qnli", 104743, 5463},
    {"rte", 2490, 277},
    {"wnli", 635, 71},
}};

}  // namespace

std::optional<OfficialRows> official_rows(std::string_view task) {
  const auto* const found =
      std::ranges::find(kOfficialRows, task, &OfficialRows::task);
  return found == kOfficialRows.end() ? std::nullopt : std::optional(*found);
}

std::string describe_other_rows(std::size_t rows,
                                std::size_t official,
                                std::string_view split) {
  if (rows == official) {
    return "";
  }
  return rows < official
             ? fmt::format("{} of the {} rows of {}", rows, official, split)
             : fmt::format("{} rows of {}, where GLUE has {}", rows, split,
                           official);
}

}  // namespace distilbert
