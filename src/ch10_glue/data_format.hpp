#pragma once

#include <optional>
#include <string_view>

namespace distilbert {

/// How a data file holds its records.
enum class DataFormat {
  kTsv,       ///< a line a record, fields between tabs, no quoting
  kCsv,       ///< RFC 4180: fields between commas, quoted where need be
  kJson,      ///< an array of objects
  kJsonLines  ///< a line a record, an object on each
};

/// The format of that name: "tsv", "csv", "json" or "jsonl". Absent for any
/// other.
[[nodiscard]] std::optional<DataFormat> find_data_format(std::string_view name);

}  // namespace distilbert
