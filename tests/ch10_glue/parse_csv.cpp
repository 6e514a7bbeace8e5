#include "ch10_glue/parse_csv.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::CsvRow;
using distilbert::Error;
using glue_test::message_of;
using Fields = std::vector<std::string>;

namespace {

std::vector<CsvRow> parse(std::string_view text) {
  return distilbert::parse_csv(text, "f.csv");
}

std::string error_of(std::string_view text) {
  return message_of<Error>([&] { static_cast<void>(parse(text)); });
}

std::string in_quotes(std::string_view field) {
  std::string text = "\"";
  for (const char c : field) {
    text += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return text + "\"";
}

// Fields of the characters that CSV treats as special, and a letter.
Fields draw_fields(glue_test::SplitMix64& random) {
  constexpr std::string_view kCharacters = "\",\n\r a";
  Fields fields(3);
  for (std::string& field : fields) {
    const std::size_t length = random.next() % 6;
    for (std::size_t i = 0; i < length; ++i) {
      field += kCharacters[random.next() % kCharacters.size()];
    }
  }
  return fields;
}

struct Outcome {
  std::size_t refused = 0;
  std::string hash;
};

// As csv_golden of generate_glue.py.
Outcome parse_all(const std::vector<std::string>& texts) {
  Outcome outcome;
  std::uint64_t state = glue_test::kFnv1aStart;
  for (const std::string& text : texts) {
    try {
      for (const CsvRow& row : parse(text)) {
        for (const std::string& field : row.fields) {
          state = glue_test::fnv1a(field + "\x1f", state);
        }
        state = glue_test::fnv1a("\x1e", state);
      }
    } catch (const Error&) {
      ++outcome.refused;
    }
    state = glue_test::fnv1a("\x1d", state);
  }
  outcome.hash = fmt::format("{:016x}", state);
  return outcome;
}

}  // namespace

TEST_CASE("commas separate CSV fields and line feeds separate records") {
  const auto rows = parse("a,b c,d\xC3\xA9\n1,,\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"a", "b c", "d\xC3\xA9"});
  CHECK(rows[1].fields == Fields{"1", "", ""});
  CHECK(parse("a,b").back().fields == Fields{"a", "b"});
  CHECK(parse(",").back().fields == Fields{"", ""});
  CHECK(parse("").empty());
}

TEST_CASE("a quoted CSV field holds commas, line ends and doubled quotes") {
  const auto rows =
      parse("\"a, b\",\"two\nlines\"\n\"say \"\"so\"\"\",\"\"\"\"\n\"\",x");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].fields == Fields{"a, b", "two\nlines"});
  CHECK(rows[1].fields == Fields{"say \"so\"", "\""});
  CHECK(rows[2].fields == Fields{"", "x"});
  CHECK(parse("\"a\r\nb\",c\r\n").front().fields == Fields{"a\r\nb", "c"});
}

TEST_CASE("a CSV record's line is the one on which it begins") {
  const auto rows = parse("h\n\"a\nb\n\",\"c\n\"\nx\n\n\"y\"\n");
  REQUIRE(rows.size() == 4);
  CHECK(rows[1].line == 2);
  CHECK(rows[2].line == 6);
  CHECK(rows[3].line == 8);
}

TEST_CASE("a quote inside a CSV field that begins without one is data") {
  CHECK(parse("5\" pipe,a \"b\"\n").front().fields ==
        Fields{"5\" pipe", "a \"b\""});
  CHECK(parse(" \"a\",b").front().fields == Fields{" \"a\"", "b"});
}

TEST_CASE("Windows line ends end CSV records, other returns are data") {
  const auto rows = parse("a,b\r\nc\rd,\"e\"\r\nf\r\r\n\"g\"\r");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].fields == Fields{"a", "b"});
  CHECK(rows[1].fields == Fields{"c\rd", "e"});
  CHECK(rows[2].fields == Fields{"f\r"});
  CHECK(rows[3].fields == Fields{"g"});
  CHECK(parse("a,\r").front().fields == Fields{"a", ""});
}

TEST_CASE("an empty line of CSV is no record, an empty quoted field is one") {
  const auto rows = parse("\na\n\n\r\n\"\"\n\n\r");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"a"});
  CHECK(rows[0].line == 2);
  CHECK(rows[1].fields == Fields{""});
  CHECK(rows[1].line == 5);
}

TEST_CASE("a byte order mark before CSV is dropped, also before a quote") {
  const auto rows = parse("\xEF\xBB\xBF\"a,b\",c\n\xEF\xBB\xBFz\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == Fields{"a,b", "c"});
  CHECK(rows[1].fields == Fields{"\xEF\xBB\xBFz"});
}

TEST_CASE("CSV whose quotes don't match is an error that names the record") {
  CHECK(error_of("a\n\"b\nc\nd") ==
        "f.csv, line 2: a quoted field that never ends");
  CHECK(error_of("a\nx,\"b\n\"\"\n") ==
        "f.csv, line 2: a quoted field that never ends");
  CHECK(error_of("a\n\"b\nc\" d\n") ==
        "f.csv, line 2: text after a closing quotation mark, expected a comma");
  CHECK(error_of("\"a\"\r,b\n") ==
        "f.csv, line 1: text after a closing quotation mark, expected a comma");
}

TEST_CASE("random fields come back from CSV as they were written") {
  glue_test::SplitMix64 random(7);
  std::vector<Fields> wanted;
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    wanted.push_back(draw_fields(random));
    const Fields& fields = wanted.back();
    text += in_quotes(fields[0]) + "," + in_quotes(fields[1]) + "," +
            in_quotes(fields[2]) + (random.next() % 2 == 0 ? "\n" : "\r\n");
  }
  const auto rows = parse(text);
  REQUIRE(rows.size() == wanted.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].fields == wanted[i]);
  }
}

TEST_CASE("every short text is parsed or refused as by Python's csv reader") {
  const nlohmann::json golden = glue_test::read_golden("csv.json");
  const auto pieces = golden["pieces"].get<std::vector<std::string>>();
  const auto longest = golden["longest"].get<std::size_t>();
  std::vector<std::string> texts = {""};
  for (std::size_t length = 1; length <= longest; ++length) {
    const std::vector<std::string> shorter = std::move(texts);
    texts.clear();
    for (const std::string& text : shorter) {
      for (const std::string& piece : pieces) {
        texts.push_back(text + piece);
      }
    }
    const Outcome outcome = parse_all(texts);
    CHECK(outcome.refused == golden["refused"].at(length - 1));
    CHECK(outcome.hash == golden["fnv1a"].at(length - 1));
  }
}
