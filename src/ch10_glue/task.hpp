#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ch10_glue/data_format.hpp"

namespace distilbert {

/// The measures GLUE scores its tasks with.
enum class MetricKind { kAccuracy, kF1, kMatthews, kPearson, kSpearman };

/// The name under which a metric is reported, the reference's: "accuracy",
/// "f1", "matthews_correlation", "pearson", "spearmanr".
[[nodiscard]] std::string_view metric_name(MetricKind kind);

/// Where a file that has no header keeps its fields (0-based).
struct ColumnPositions {
  std::size_t columns = 0;   ///< how many fields a row has
  std::size_t sentence = 0;  ///< the text's field
  std::size_t label = 0;     ///< the label's field
};

/// The files that a task was made from, for those who have no others: one file
/// holds train and dev, and a list of ids tells them apart.
struct OriginalFiles {
  std::string train_file;      ///< the rows of train and dev
  std::string dev_pairs_file;  ///< the pairs of ids of dev, without a header
  /// The header's names of the two columns of ids.
  std::vector<std::string> id_columns;
  std::string test_file;
};

/// What is different about the files of a user's own task.
struct CustomFiles {
  std::filesystem::path description;  ///< the JSON file that describes the task
  std::string fingerprint;            ///< of what that file says
  std::optional<DataFormat> format;   ///< absent: by each file's extension
  /// Whether a table's first row names its columns. Where none does, they go by
  /// their numbers, "0", "1" and so on.
  bool header = true;
  std::string records;  ///< the key of the records in a JSON object, or empty
};

/// A task, GLUE's or a user's own: what its files look like and how it is
/// scored.
struct Task {
  std::string name;          ///< "sst2", the name the `datasets` package uses
  std::string folder;        ///< "SST-2", its folder in the official layout
  std::string display_name;  ///< "SST-2", as papers and tables write it
  /// The header's names (in JSON: the keys) of the one or two text columns.
  std::vector<std::string> sentence_columns;
  /// The header's name of the label column.
  std::string label_column;
  /// Set where train and dev files have no header line (CoLA alone; its test
  /// file has one).
  std::optional<ColumnPositions> without_header;
  /// The classes in the order of the `datasets` package, or of the user's
  /// description: element i is class i. Empty for regression.
  std::vector<std::string> label_names;
  /// How the files, and the submission, write class i: "0", "1" or the name.
  std::vector<std::string> file_labels;
  /// The label is a number, in STS-B from 0 to 5, and the head has one output.
  bool regression = false;
  /// What the task is scored by, in the order of a report. None for AX, whose
  /// labels only the benchmark's server has.
  std::vector<MetricKind> metrics;
  /// Names of the files in the folder; empty for AX, but for its test file.
  std::string train_file;
  /// One, or two for MNLI: matched, then mismatched.
  std::vector<std::string> dev_files;
  /// One, or two for MNLI: matched, then mismatched.
  std::vector<std::string> test_files;
  /// Read where those files aren't there. MRPC's alone: Microsoft's own, which
  /// GLUE's makers had no right to hand on.
  std::optional<OriginalFiles> original;
  /// Set for a user's own task.
  std::optional<CustomFiles> custom;

  /// How many outputs a model for this task has: its classes, or 1 for
  /// regression.
  [[nodiscard]] std::size_t outputs() const {
    return regression ? 1 : label_names.size();
  }

  /// Whether an example is a pair of texts.
  [[nodiscard]] bool pairs() const { return sentence_columns.size() == 2; }
};

/// GLUE's nine tasks in the order of its table, then the diagnostic set AX.
///
/// Source: A. Wang et al., "GLUE", 2019, section 3; columns and label orders as
/// the `datasets` package reads them.
[[nodiscard]] std::span<const Task> glue_tasks();

/// The task called `name`, in any spelling of its name: sst2, SST-2 or sst-2.
/// Throws UsageError, which lists the names, for any other. The reference stays
/// valid for good.
[[nodiscard]] const Task& find_task(std::string_view name);

/// For each of the task's outputs, the index of the same output in a model
/// whose `id2label` names are `model_labels`: `label_permutation`, or (0) for
/// regression, where the name of the single output doesn't matter. Throws
/// Error if the number of labels or their names don't fit the task.
[[nodiscard]] std::vector<std::size_t> match_labels(
    const Task& task, std::span<const std::string> model_labels);

}  // namespace distilbert
