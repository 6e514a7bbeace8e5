#pragma once

#include <filesystem>
#include <system_error>

namespace distilbert::cli {

/// Whether there is anything at this path. A path that can't be looked at counts
/// as nothing there: whoever uses it next says why.
[[nodiscard]] inline bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace distilbert::cli
