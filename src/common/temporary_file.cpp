#include "common/temporary_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "common/error.hpp"

namespace distilbert {

namespace {

constexpr std::string_view kMark = ".unfinished-";

bool is_temporary_name(const std::string& name) {
  const auto mark = name.rfind(kMark);
  if (mark == std::string::npos || mark == 0) {
    return false;
  }
  const auto number = std::string_view(name).substr(mark + kMark.size());
  return !number.empty() &&
         std::all_of(number.begin(), number.end(),
                     [](char c) { return '0' <= c && c <= '9'; });
}

}  // namespace

std::filesystem::path temporary_name(const std::filesystem::path& final_name,
                                     int number) {
  auto name = final_name;
  name += fmt::format("{}{}", kMark, number);
  return name;
}

int remove_temporary_files(const std::filesystem::path& folder) {
  int removed = 0;
  try {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.is_regular_file() &&
          is_temporary_name(entry.path().filename().string())) {
        removed += std::filesystem::remove(entry.path()) ? 1 : 0;
      }
    }
  } catch (const std::filesystem::filesystem_error& error) {
    fail("{}: can't be cleared of unfinished files: {}", folder.string(),
         error.code().message());
  }
  return removed;
}

}  // namespace distilbert
