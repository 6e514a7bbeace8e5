#pragma once

#include <CLI/CLI.hpp>

namespace distilbert::cli {

/// Makes all of a program's options that take whole numbers refuse what isn't
/// one: CLI11 2.1 reads -1 as 2^64 - 1 and cuts longer numbers to that.
void check_whole_numbers(CLI::App& program);

}  // namespace distilbert::cli
