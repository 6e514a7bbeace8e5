#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace distilbert {

/// One line of a tab-separated file.
struct TsvRow {
  /// Line number in the file, from 1; the header, if there is one, is line 1.
  std::size_t line = 0;
  /// Views into the parsed text. A line without a tab has one field, and an
  /// empty line has one empty field.
  std::vector<std::string_view> fields;
};

/// Splits `text` into rows of fields as GLUE's files mean it: fields are
/// separated by tabs, and there is no quoting (a `"` is data like any letter).
///
/// A UTF-8 byte order mark at the very start is dropped. Lines end at `\n`, and
/// a last line without one counts too. One `\r` at the end of a line is taken
/// as part of a Windows line end and dropped; anywhere else it is data, and so
/// are U+0085 and U+2028, at which some languages' readers break a line.
///
/// The rows are as they come: that all have the same number of fields is for
/// the caller to check. The text must outlive the rows. Never throws on
/// account of what the text holds.
///
/// Reference behaviour: Python's csv reader with delimiter tab and QUOTE_NONE,
/// which is what the `datasets` package reads GLUE with.
[[nodiscard]] std::vector<TsvRow> parse_tsv(std::string_view text);

}  // namespace distilbert
