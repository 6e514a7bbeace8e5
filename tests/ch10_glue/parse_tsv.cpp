#include "ch10_glue/parse_tsv.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using distilbert::parse_tsv;
using distilbert::TsvRow;
using Fields = std::vector<std::string_view>;

TEST_CASE("tabs separate fields and line feeds separate rows") {
  const std::vector<TsvRow> rows = parse_tsv("a\tb c\tdé\n1\t\t\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"a", "b c", "dé"});
  CHECK(rows[1].fields == Fields{"1", "", ""});
}

TEST_CASE("a quote is data, also an unbalanced one at a field's start") {
  const auto rows = parse_tsv("1\t\"The plan\t\"x\" y\n0\t\"\"\t\"\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"1", "\"The plan", "\"x\" y"});
  CHECK(rows[1].fields == Fields{"0", "\"\"", "\""});
}

TEST_CASE("a byte order mark is dropped at the start and data elsewhere") {
  const auto rows = parse_tsv(
      "\xEF\xBB\xBFQuality\tx\n\xEF\xBB\xBF"
      "1\ty\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"Quality", "x"});
  CHECK(rows[1].fields == Fields{"\xEF\xBB\xBF"
                                 "1",
                                 "y"});
  CHECK(parse_tsv("\xEF\xBB\xBF").empty());
}

TEST_CASE("a last line without a line feed counts, nothing after one doesn't") {
  CHECK(parse_tsv("").empty());
  CHECK(parse_tsv("a").size() == 1);
  CHECK(parse_tsv("a\n").size() == 1);
  CHECK(parse_tsv("a\nb").size() == 2);
  CHECK(parse_tsv("a\nb").back().fields == Fields{"b"});
  CHECK(parse_tsv("a\n\n").size() == 2);
  CHECK(parse_tsv("a\t").front().fields == Fields{"a", ""});
}

TEST_CASE("an empty line is a row with one empty field") {
  const auto rows = parse_tsv("a\tb\n\nc\td\n");
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].fields == Fields{""});
  CHECK(rows[2].line == 3);
}

TEST_CASE("Windows line ends are line ends, other carriage returns are data") {
  const auto rows = parse_tsv("a\tb\r\nc\rd\te\r\r\n\r\nlast\r");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].fields == Fields{"a", "b"});
  CHECK(rows[1].fields == Fields{"c\rd", "e\r"});
  CHECK(rows[2].fields == Fields{""});
  CHECK(rows[3].fields == Fields{"last"});
}

TEST_CASE("NEL and the line separator are data") {
  const auto rows = parse_tsv(
      "a\xC2\x85"
      "b\tc\xE2\x80\xA8"
      "d\n");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].fields.size() == 2);
}

TEST_CASE("a NUL byte is data") {
  const auto rows = parse_tsv(std::string_view("a\0b\tc\n", 6));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].fields == Fields{std::string_view("a\0b", 3), "c"});
}

TEST_CASE("rows know their line in the file") {
  const auto rows = parse_tsv("header\nfirst\n\nthird");
  REQUIRE(rows.size() == 4);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].line == i + 1);
  }
}
