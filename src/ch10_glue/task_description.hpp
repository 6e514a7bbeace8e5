#pragma once

#include <filesystem>
#include <string_view>

#include "ch10_glue/task.hpp"

namespace distilbert {

/// A user's own task, described by a JSON file such as
///
///   {
///     "name": "reviews",
///     "train": "train.csv", "dev": "dev.csv",
///     "text": "review",
///     "label": "verdict",
///     "labels": {"0": "negative", "1": "positive"}
///   }
///
/// name         what results are reported under
/// train, dev,  a split's file, from the folder of the description; each may be
/// test         left out, and no command answers test
/// format       "tsv", "csv", "json" or "jsonl"; without it, each file's
///              extension says so
/// header       false where a table's first row isn't the columns' names; the
///              columns are then given by their numbers, from 0
/// records      where a JSON file is an object: the key of the array of records
/// text         the column of the text, or an array of the two of a pair; in
///              JSON the key
/// label        the column of the label
/// labels       the classes in their order, as the files spell them; or an
///              object, from a file's spelling to the name of the class
/// regression   true where the label is any number instead
/// metrics      an array of names as metric_name gives them; without it
///              accuracy, or pearson and spearmanr. For f1 and
///              matthews_correlation there must be two labels, of which the
///              second is the positive class
///
/// Throws Error, naming the file and the key, where the description can't be
/// read or isn't JSON, and where a key is unknown, missing, or has a value that
/// can't be: fewer than two labels, two that differ in case only, a label that is
/// a text too, or a metric that doesn't fit.
[[nodiscard]] Task read_task_description(const std::filesystem::path& path);

/// The task that the command line means: the user's own that a file describes,
/// if the name ends in .json, and GLUE's of that name otherwise. Throws as
/// read_task_description and find_task do.
[[nodiscard]] Task load_task(std::string_view name_or_file);

}  // namespace distilbert
