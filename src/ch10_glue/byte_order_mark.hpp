#pragma once

#include <string_view>

namespace distilbert {

/// A file's text without the UTF-8 byte order mark that some editors and
/// spreadsheets write before it. One anywhere else is data and stays. The
/// result is a view into `text`.
[[nodiscard]] inline std::string_view without_byte_order_mark(
    std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  return text;
}

}  // namespace distilbert
