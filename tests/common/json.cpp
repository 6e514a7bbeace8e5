#include "common/json.hpp"

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "common/error.hpp"
#include "common/printable.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

using distilbert::JsonObject;
using distilbert::parse_json;
using distilbert::parse_json_file;
using distilbert::printable;

TEST_CASE("JSON is read with its types") {
  const auto value = parse_json(
      R"({"a": [1, -2, 3.5, true, null, "é\u00e9"], "b": {}})", "x.json");
  CHECK(value["a"][0] == 1);
  CHECK(value["a"][1] == -2);
  CHECK(value["a"][2] == 3.5);
  CHECK(value["a"][5] == "éé");
  CHECK(value["b"].empty());
}

TEST_CASE("what isn't JSON is refused with file, line and column") {
  using namespace std::string_literals;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "line 1, column 1"},
      {"{", "line 1, column 2"},
      {"{}x", "line 1, column 3"},
      {"{}\0"s, "NUL"},
      {"{\"a\":1}\0{"s, "NUL"},
      {"\xEF\xBB\xBF{}", "byte order mark"},
      {"{\n  \"a\": nope\n}", "line 2, column 9"},
      {"{\"a\": 01}", "line 1, column 8"},
      {"{\"a\": NaN}", "line 1"},
      {"{\"a\": 1e999}", "number overflow"},
      {"{'a': 1}", "line 1, column 2"},
      {"[1,]", "line 1, column 4"},
      {"\"\xFF\"", "line 1, column 2"},
      {"\"\\ud800\"", "line 1"},
      {"// comment\n1", "line 1, column 1"},
  };
  for (const auto& [text, part] : cases) {
    INFO(text);
    expect_error([&text] { parse_json(text, "x.json"); }, {"x.json: ", part});
  }
}

TEST_CASE("a key twice in one object is refused, and in two objects fine") {
  expect_error([] { parse_json(R"({"a":{"k":1,"b":[{}],"k":2}})", "x.json"); },
               {"x.json: line 1, column 22: ", "\"k\" twice"});
  // Texts that are no keys, and keys of other objects, are passed by.
  const std::string text =
      "[{\"k\": \"k\"},\n {\"a\\\"\": [\"k\", \"l\"], \"k\" : 1,\n  \"k\": 2}]";
  expect_error([&text] { parse_json(text, "x.json"); },
               {"x.json: line 3, column 3: ", "\"k\" twice"});
  CHECK_NOTHROW(parse_json(R"({"k":[{"k":1},{"k":2}],"l":{"k":3}})", "x"));
}

TEST_CASE("nesting of 64 levels is read and of 65 refused") {
  const auto nested = [](int levels) {
    return std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']');
  };
  CHECK_NOTHROW(parse_json(nested(64), "x.json"));
  expect_error([&] { parse_json(nested(65), "x.json"); },
               {"x.json: line 1, column 65", "64 levels"});
  expect_error([&] { parse_json(nested(5'000'000), "x.json"); }, {"64"});
  // Brackets in a text, behind an escaped quote, are no levels.
  CHECK_NOTHROW(parse_json("\"\\\"" + std::string(100, '[') + "\"", "x"));
}

TEST_CASE("an error shows no control characters and stays short") {
  const auto message = expect_error(
      [] { parse_json("{\"\x1b[31m" + std::string(9999, 'x'), "f"); }, {"f"});
  CHECK(message.find('\x1b') == std::string::npos);
  CHECK(message.size() < 300);
  CHECK(printable("a\nb\x7f") == "a\\x0ab\\x7f");
  CHECK(printable("ééé", 3) == "é...");
  CHECK(printable("abc", 3) == "abc");
}

TEST_CASE("a JSON file that can't be read is named") {
  const TemporaryFolder folder;
  expect_error([&] { parse_json_file(folder.path() / "none.json"); },
               {"none.json", "No such file"});
  expect_error([&] { parse_json_file(folder.path()); }, {"a folder"});
  const auto bad = folder.write("bad.json", "{");
  expect_error([&] { parse_json_file(bad); }, {bad.string() + ": line 1"});
  CHECK(parse_json_file(folder.write("good.json", "[1]"))[0] == 1);
}

TEST_CASE("typed values are read, and wrong ones refused by key") {
  const auto value = parse_json(
      R"({"n": 5, "big": 18446744073709551615, "low": -3, "x": 0.5,
          "t": "text", "b": true, "nothing": null})",
      "c.json");
  const JsonObject object(value, "c.json");
  CHECK(object.integer("n", 1, 10) == 5);
  CHECK(object.number("n", 0, 10) == 5.0);
  CHECK(object.number("x", 0, 1) == 0.5);
  CHECK(object.text("t") == "text");
  CHECK(object.boolean("b"));
  CHECK(object.has("n"));
  CHECK_FALSE(object.has("nothing"));
  CHECK_FALSE(object.has("absent"));
  expect_error([&] { (void)object.integer("low", 1, 9); },
               {"c.json: low: expected an integer from 1 to 9, found -3"});
  expect_error([&] { (void)object.integer("big", INT64_MIN, INT64_MAX); },
               {"c.json: big: ", "18446744073709551615"});
  expect_error([&] { (void)object.integer("x", 0, 1); }, {"found 0.5"});
  expect_error([&] { (void)object.integer("t", 0, 1); }, {"found \"text\""});
  expect_error([&] { (void)object.integer("absent", 0, 1); },
               {"absent", "found nothing"});
  expect_error([&] { (void)object.number("b", 0, 1); }, {"found true"});
  expect_error([&] { (void)object.number("n", 0, 1); }, {"found 5"});
  expect_error([&] { (void)object.boolean("n"); }, {"true or false"});
  expect_error([&] { (void)object.text("n"); }, {"a string"});
  expect_error([] { JsonObject(parse_json("[1]", "d"), "d"); },
               {"d: expected a JSON object, found [1]"});
}
