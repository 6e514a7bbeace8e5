#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace distilbert {

/// One record of a comma-separated file.
struct CsvRow {
  /// The line on which the record begins, from 1. A quoted field may hold line
  /// ends, so that records and lines aren't the same.
  std::size_t line = 0;
  /// The fields without their quotation marks.
  std::vector<std::string> fields;
};

/// Splits `text` into records of fields as RFC 4180 says. Fields are separated
/// by commas, records by `\n` or `\r\n`, and the last record needs no line end.
/// A field that begins with `"` ends at the next `"` that isn't doubled; in
/// between, commas and line ends are data, and `""` stands for one `"`.
///
/// Where the RFC is silent or files are looser than it: a UTF-8 byte order mark
/// at the very start is dropped; a line with nothing on it is no record; a `"`
/// inside a field that doesn't begin with one is data, and so is a `\r` that
/// ends no line.
///
/// The records are as they come: that all have the same number of fields is for
/// the caller to check. Throws Error, with `name` (of the file) and the line on
/// which the record begins, where a quoted field never ends, or where it ends
/// and neither a comma nor the record's end follows: nobody can say where the
/// next record begins.
///
/// Reference behaviour: Python's csv.reader with strict=True, without the empty
/// rows that it gives for empty lines.
[[nodiscard]] std::vector<CsvRow> parse_csv(std::string_view text,
                                            const std::string& name);

}  // namespace distilbert
