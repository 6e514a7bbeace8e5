#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ch10_glue/parse_tsv.hpp"
#include "ch10_glue/read_examples.hpp"

namespace distilbert {

/// Tells the rows of train from those of dev in an original file that holds
/// both: a row is dev's if a list names its pair of ids.
///
/// Source: how GLUE's own download script makes MRPC's train.tsv and dev.tsv
/// from Microsoft's file; both keep the file's order.
class OriginalRows {
 public:
  /// `dev_pairs` has a pair of ids a line. Throws Error if it can't be read, or
  /// has a line that isn't a pair.
  OriginalRows(const std::filesystem::path& dev_pairs,
               std::vector<std::size_t> id_columns);

  /// Whether the row, which has the columns of ids, is in that split.
  [[nodiscard]] bool in_split(const TsvRow& row, Split split) const;

  /// How many pairs are listed.
  [[nodiscard]] std::size_t dev_rows() const { return dev_pairs_.size(); }

 private:
  std::set<std::pair<std::string, std::string>, std::less<>> dev_pairs_;
  std::vector<std::size_t> id_columns_;
};

}  // namespace distilbert
