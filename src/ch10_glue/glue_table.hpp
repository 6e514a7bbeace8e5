#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ch10_glue/glue_result.hpp"

namespace distilbert {

/// A line of GLUE's table: one metric of one task, or an average over tasks.
/// All values are from −1 or 0 to 1.
struct GlueRow {
  std::string task;    ///< "sst2"; "average" for the average
  std::string metric;  ///< "accuracy"
  double majority = 0;
  std::vector<double> model;    ///< of each seed, after its last epoch
  std::vector<double> teacher;  ///< likewise; empty without a teacher
};

/// A model's results, and the teacher's where there is one.
struct GlueResults {
  std::vector<GlueResult> model;    ///< any number of tasks and seeds
  std::vector<GlueResult> teacher;  ///< likewise
};

/// The rows of the results' tasks in GLUE's order, each with its seeds in
/// order. What counts is the last epoch, not the best: whoever picks an epoch
/// by its score on dev reports a score that dev was used to reach. With more
/// than one task their average is the last row; with a teacher, of the tasks
/// that both have.
[[nodiscard]] std::vector<GlueRow> glue_rows(const GlueResults& results);

/// The average of a model's results: the metrics of a task first, then the
/// tasks, one value a seed for the seeds that all tasks have.
///
/// Source: the macro average of GLUE's table (A. Wang et al., 2019).
[[nodiscard]] std::vector<double> macro_average(
    std::span<const GlueResult> results);

/// The table for people, in Markdown: per metric the majority baseline, mean ±
/// standard deviation over the seeds in per cent, with a teacher its own, the
/// share of it that the model retains and the p of permutation_p_value, and
/// what was published of DistilBERT and BERT-base. The seeds are "2/3" where
/// the model has two as yet and the teacher three. Below it a line for each task
/// whose data hasn't as many rows as GLUE's, or had malformed ones.
[[nodiscard]] std::string glue_table_markdown(const GlueResults& results);

/// The same for programs, with the value of each seed, as JSON.
[[nodiscard]] std::string glue_table_json(const GlueResults& results);

/// Learning curves as a table with the header
/// `model task seed series step value`, tabs between: the series "loss", the
/// mean over at most two hundred stretches of the steps, and each metric on dev
/// after each epoch.
[[nodiscard]] std::string glue_curves_tsv(const GlueResults& results);

}  // namespace distilbert
