#pragma once

#include <span>
#include <string>

namespace distilbert {

/// Names as one line of an error message: each in double quotes and harmless
/// to print, commas between; after twenty, only how many there are besides.
[[nodiscard]] std::string list_names(std::span<const std::string> names);

}  // namespace distilbert
