#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "ch10_glue/example_collector.hpp"

namespace distilbert {

/// Reads the examples of a JSON text into a collector whose unit is "record".
/// The text is an array of records, or an object that has one under the key
/// that the user's own task names, as AdvGLUE's file has one for each task:
///
///   {"sst2": [{"idx": 0, "label": 1, "sentence": "so good"}], "rte": [...]}
///
/// A record is an object with the task's texts, which are strings, and its
/// label, a string, a number or a truth value; other keys are welcome. A byte
/// order mark before the text is dropped. Throws Error, naming the file, where
/// the text is anything else, and as parse_json and the collector do.
void collect_json_examples(std::string_view text, ExampleCollector& collector);

/// The same of JSON Lines, into a collector whose unit is "line": a record on
/// each line, and blank lines between. What isn't JSON is a malformed record,
/// so that a text in another encoding than UTF-8 must be refused before, as
/// read_examples does.
void collect_json_lines(std::string_view text, ExampleCollector& collector);

/// A label as a table would hold it: a string as it is, a number or a truth
/// value as JSON spells it. Absent for any other value.
[[nodiscard]] std::optional<std::string> spell_label(
    const nlohmann::json& label);

}  // namespace distilbert
