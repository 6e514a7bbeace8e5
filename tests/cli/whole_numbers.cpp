#include "cli/whole_numbers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

namespace {

struct Options {
  std::size_t count = 0;
  std::optional<std::size_t> limit;
  std::vector<std::size_t> list;
  double factor = 0;
};

Options parse(const std::string& arguments) {
  Options options;
  CLI::App program;
  program.add_option("--count", options.count);
  CLI::App& command = *program.add_subcommand("run");
  command.add_option("--limit", options.limit);
  command.add_option("--list", options.list)->delimiter(',');
  command.add_option("--factor", options.factor);
  cli::check_whole_numbers(program);
  program.parse(arguments);
  return options;
}

}  // namespace

TEST_CASE("whole numbers are read in full") {
  const Options options = parse(
      "--count 18446744073709551615 run --limit 0 --list 1,2,7 --factor -1.5");
  REQUIRE(options.count == UINT64_MAX);
  REQUIRE(options.limit == 0U);
  REQUIRE(options.list == std::vector<std::size_t>{1, 2, 7});
  REQUIRE(options.factor == -1.5);
}

TEST_CASE("what is no whole number of 64 bits is wrong usage") {
  for (const std::string bad :
       {"-1", "1.5", "1e3", "18446744073709551616", "99999999999999999999999",
        "x", "1x", "+1", "0x10"}) {
    INFO(bad);
    REQUIRE_THROWS_AS(parse("--count " + bad), CLI::ParseError);
    REQUIRE_THROWS_AS(parse("run --limit " + bad), CLI::ParseError);
    REQUIRE_THROWS_AS(parse("run --list 1," + bad), CLI::ParseError);
  }
}
