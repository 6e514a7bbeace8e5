#include "ch10_glue/data_format.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace distilbert {

std::optional<DataFormat> find_data_format(std::string_view name) {
  using Entry = std::pair<std::string_view, DataFormat>;
  constexpr std::array kFormats = {
      Entry{"tsv", DataFormat::kTsv}, Entry{"csv", DataFormat::kCsv},
      Entry{"json", DataFormat::kJson}, Entry{"jsonl", DataFormat::kJsonLines}};
  const auto* const found = std::ranges::find(kFormats, name, &Entry::first);
  return found == kFormats.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace distilbert
