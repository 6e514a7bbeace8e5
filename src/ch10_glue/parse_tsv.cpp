#include "ch10_glue/parse_tsv.hpp"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "ch10_glue/byte_order_mark.hpp"

namespace distilbert {

// exercise 10.3 begin
std::vector<TsvRow> parse_tsv(std::string_view text) {
  text = without_byte_order_mark(text);
  std::vector<TsvRow> rows;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    // --8<-- [start:fields]
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    TsvRow row{.line = rows.size() + 1, .fields = {}};
    std::size_t tab = line.find('\t');
    while (tab != std::string_view::npos) {
      row.fields.push_back(line.substr(0, tab));
      line.remove_prefix(tab + 1);
      tab = line.find('\t');
    }
    row.fields.push_back(line);
    // --8<-- [end:fields]
    rows.push_back(std::move(row));
  }
  return rows;
}

// exercise 10.3 end

}  // namespace distilbert
