#pragma once

#include <string>

#include "cli/glue_plan.hpp"

namespace distilbert::cli {

/// Writes, from all runs in the output that are finished, also those of earlier
/// calls for other tasks: table.md, table.json, curves.tsv and, where there are
/// test sets, submission.zip. Called after each run, so that what is known can
/// be looked at.
void write_glue_outputs(const GlueOptions& options);

/// One line for people about submission.zip: how many of its files are there
/// and what the server would say of it. Empty where there is none.
[[nodiscard]] std::string describe_submission(const GlueOptions& options);

}  // namespace distilbert::cli
