#pragma once

#include <string>

#include "cli/glue_plan.hpp"

namespace distilbert::cli {

/// Writes, from all runs in the output that are finished, also those of earlier
/// calls for other tasks: table.md, table.json, curves.tsv and, where test sets
/// were answered, submission.zip. Called after each run, so that what is known
/// can be looked at.
void write_glue_outputs(const GlueOptions& options);

/// Lines for people: the test sets that the best runs can't answer any more,
/// and what the server would say of submission.zip. Empty where there is
/// neither.
[[nodiscard]] std::string describe_submission(const GlueOptions& options);

}  // namespace distilbert::cli
