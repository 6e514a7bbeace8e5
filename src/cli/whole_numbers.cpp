#include "cli/whole_numbers.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

#include "common/printable.hpp"

namespace distilbert::cli {
namespace {

// What is wrong with the text, as CLI11 expects it; empty if nothing is.
std::string fault_of(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end
             ? ""
             : fmt::format("expected a whole number, found {}",
                           printable(text));
}

}  // namespace

void check_whole_numbers(CLI::App& program) {
  for (CLI::Option* const option : program.get_options()) {
    if (option->get_type_name().starts_with("UINT")) {
      option->check(fault_of);
    }
  }
  for (CLI::App* const command : program.get_subcommands({})) {
    check_whole_numbers(*command);
  }
}

}  // namespace distilbert::cli
