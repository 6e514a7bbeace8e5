#include "ch10_glue/original_rows.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/error.hpp"
#include "common/mapped_file.hpp"

namespace distilbert {

OriginalRows::OriginalRows(const std::filesystem::path& dev_pairs,
                           std::vector<std::size_t> id_columns)
    : id_columns_(std::move(id_columns)) {
  const std::shared_ptr<MappedFile> mapped = MappedFile::open(dev_pairs);
  for (const TsvRow& row : parse_tsv(mapped->text())) {
    if (row.fields.size() != 2) {
      fail("{}, line {}: {} field{}, expected a pair of ids",
           dev_pairs.string(), row.line, row.fields.size(),
           row.fields.size() == 1 ? "" : "s");
    }
    dev_pairs_.emplace(row.fields.front(), row.fields.back());
  }
}

bool OriginalRows::in_split(const TsvRow& row, Split split) const {
  const std::pair<std::string, std::string> ids(
      row.fields.at(id_columns_.front()), row.fields.at(id_columns_.back()));
  return dev_pairs_.contains(ids) == (split == Split::kDev);
}

}  // namespace distilbert
