#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace distilbert {

/// How many rows GLUE's own files of a task have.
struct OfficialRows {
  std::string_view task;  ///< "mnli"
  std::size_t train = 0;
  std::size_t dev = 0;  ///< of all its dev files together
};

/// Of one of the nine tasks, by its name; nothing for any other. A file that was
/// cut off may look whole, as CoLA's do, whose last column is the text: only
/// its number of rows tells.
///
/// Source: the tables of splits of the `datasets` package.
[[nodiscard]] std::optional<OfficialRows> official_rows(std::string_view task);

/// "100 of the 1043 rows of dev", or "1100 rows of dev, where GLUE has 1043"; an
/// empty text where the two numbers are the same.
[[nodiscard]] std::string describe_other_rows(std::size_t rows,
                                              std::size_t official,
                                              std::string_view split);

}  // namespace distilbert
