#include "ch10_glue/parse_csv.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/byte_order_mark.hpp"
#include "common/error.hpp"

namespace distilbert {

namespace {

// Reads from the front of a text, and counts the lines it has passed.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name)
      : rest_(text), name_(name) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  // Passes a line end, if one is next. A `\r` at the very end of the text is
  // half of one.
  bool take_line_end() {
    const std::size_t length = rest_ == "\r"               ? 1
                               : rest_.starts_with("\r\n") ? 2
                               : rest_.starts_with('\n')   ? 1
                                                           : 0;
    rest_.remove_prefix(length);
    line_ += length > 0 ? 1 : 0;
    return length > 0;
  }

  CsvRow row() {
    CsvRow row{.line = line_, .fields = {}};
    do {
      row.fields.push_back(rest_.starts_with('"') ? quoted_field(row.line)
                                                  : plain_field());
    } while (take(','));
    if (!take_line_end() && !done()) {
      fail("{}, line {}: text after a closing quotation mark, expected a comma",
           name_, row.line);
    }
    return row;
  }

 private:
  bool take(char wanted) {
    const bool found = rest_.starts_with(wanted);
    rest_.remove_prefix(found ? 1 : 0);
    return found;
  }

  std::string plain_field() {
    const std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
    std::string_view field = rest_.substr(0, end);
    const bool last = end == rest_.size() || rest_[end] == '\n';
    if (last && field.ends_with('\r')) {
      field.remove_suffix(1);
    }
    rest_.remove_prefix(field.size());
    return std::string(field);
  }

  std::string quoted_field(std::size_t first_line) {
    std::string field;
    take('"');
    do {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) {
        fail("{}, line {}: a quoted field that never ends", name_, first_line);
      }
      const std::string_view part = rest_.substr(0, quote);
      line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
      // A quotation mark right after this one is data, and the field goes on.
      const bool doubled = rest_.substr(quote).starts_with("\"\"");
      field += rest_.substr(0, quote + (doubled ? 1 : 0));
      rest_.remove_prefix(quote + 1);
    } while (take('"'));
    return field;
  }

  std::string_view rest_;
  const std::string& name_;
  std::size_t line_ = 1;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name) {
  CsvReader reader(without_byte_order_mark(text), name);
  std::vector<CsvRow> rows;
  while (!reader.done()) {
    if (!reader.take_line_end()) {
      rows.push_back(reader.row());
    }
  }
  return rows;
}

}  // namespace distilbert
