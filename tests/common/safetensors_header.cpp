#include "common/safetensors_header.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "expect_error.hpp"
#include "safetensors_bytes.hpp"

using distilbert::Dtype;
using distilbert::parse_safetensors_header;
using distilbert::SafetensorsHeader;

namespace {

SafetensorsHeader parse(const std::string& file) {
  return parse_safetensors_header(std::as_bytes(std::span(file)), "f");
}

SafetensorsHeader parse(std::string_view header, std::size_t data_size) {
  return parse(safetensors_bytes(header, std::string(data_size, 'x')));
}

struct BadFile {
  std::string why;
  std::string header;
  std::size_t data_size;
  std::vector<std::string> message;
};

// What safetensors 0.8.0 refuses, found by asking it.
std::vector<BadFile> refused_by_the_reference() {
  return {
      {"text after the JSON",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x)",
       4,
       {"column 55"}},
      {"NUL after the JSON", std::string("{}\0x", 4), 0, {"NUL"}},
      {"NUL in the filling", std::string("{}  \0", 5), 0, {"NUL"}},
      {"byte order mark", "\xEF\xBB\xBF{}", 0, {"byte order mark"}},
      {"no JSON", "", 0, {"line 1, column 1"}},
      {"not UTF-8", "{\"\xFF\":{}}", 0, {"line 1"}},
      {"half a surrogate pair", R"({"\ud800":{}})", 0, {"line 1"}},
      {"an array", "[]", 0, {"an array"}},
      {"a number", "3", 0, {"number"}},
      {"deep nesting", std::string(1'000'000, '['), 0, {"an array"}},
      {"deep nesting in a tensor",
       R"({"a":{"shape":)" + std::string(1'000'000, '['),
       0,
       {"\"a\"", "an array"}},
      {"deep objects",
       R"({"a":{"dtype":{"a":)" + std::string(99, '{'),
       0,
       {"\"a\"", "an object"}},
      {"a hole",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
           "b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})",
       12,
       {"\"b\"", "begin at 4, found 8"}},
      {"a hole at the start",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       8,
       {"\"a\"", "begin at 0, found 4"}},
      {"an overlap",
       R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
           "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
       12,
       {"\"b\"", "begin at 8, found 4"}},
      {"the same bytes twice",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
           "b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
       4,
       {"\"b\"", "begin at 4, found 0"}},
      {"bytes nobody owns",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
       5,
       {"expected 4 bytes", "found 5"}},
      {"data cut short",
       R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       7,
       {"expected 8 bytes", "found 7"}},
      {"begin after end",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})",
       4,
       {"\"a\"", "[4, 0]"}},
      {"offsets near 2^64",
       R"({"a":{"dtype":"U8","shape":[4],
           "data_offsets":[18446744073709551611,18446744073709551615]}})",
       4,
       {"\"a\"", "found 18446744073709551611"}},
      {"a shape that doesn't fit its bytes",
       R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}})",
       20,
       {"\"a\"", "24 bytes for F32 [2, 3], found 20"}},
      {"a product that wraps to the right size",
       R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],
           "data_offsets":[0,0]}})",
       0,
       {"\"a\"", "2^64 or more"}},
      {"a product that wraps with the element size",
       R"({"a":{"dtype":"F32","shape":[4611686018427387904],
           "data_offsets":[0,0]}})",
       0,
       {"\"a\"", "2^64 or more"}},
      {"a product that wraps before it meets zero",
       R"({"a":{"dtype":"F32","shape":[9223372036854775808,4,0],
           "data_offsets":[0,0]}})",
       0,
       {"\"a\"", "2^64 or more"}},
      {"a negative size",
       R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "negative"}},
      {"a broken size",
       R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "no integer"}},
      {"a size of 2^64",
       R"({"a":{"dtype":"U8","shape":[18446744073709551616],
           "data_offsets":[0,4]}})",
       4,
       {"\"a\"", "no integer"}},
      {"a size as a text",
       R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "text \"1\""}},
      {"a size that is true",
       R"({"a":{"dtype":"F32","shape":[true],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "true"}},
      {"null for a tensor", R"({"a":null})", 0, {"\"a\"", "null"}},
      {"a text for a tensor", R"({"a":"b"})", 0, {"\"a\"", "text \"b\""}},
      {"null for a dtype",
       R"({"a":{"dtype":null,"shape":[],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "null"}},
      {"a shape that is no array",
       R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "number"}},
      {"an unknown dtype",
       R"({"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "unknown dtype \"F33\""}},
      {"a dtype in lower case",
       R"({"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "f32"}},
      {"no dtype",
       R"({"a":{"shape":[1],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "less"}},
      {"no shape",
       R"({"a":{"dtype":"F32","data_offsets":[0,4]}})",
       4,
       {"\"a\"", "less"}},
      {"no offsets", R"({"a":{"dtype":"F32","shape":[1]}})", 4, {"\"a\""}},
      {"nothing about a tensor", R"({"a":{}})", 0, {"\"a\"", "less"}},
      {"one offset",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}})",
       4,
       {"\"a\"", "less"}},
      {"three offsets",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}})",
       4,
       {"\"a\"", "too many"}},
      {"a key twice in a tensor",
       R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],
           "data_offsets":[0,4]}})",
       4,
       {"\"a\"", "\"dtype\" twice"}},
      {"metadata that is no text",
       R"({"__metadata__":{"format":1}})",
       0,
       {"__metadata__", "number"}},
      {"metadata that is an object",
       R"({"__metadata__":{"format":{}}})",
       0,
       {"__metadata__", "an object"}},
      {"metadata twice",
       R"({"__metadata__":{},"__metadata__":{}})",
       0,
       {"__metadata__", "twice"}},
  };
}

// What the reference reads, but nobody can mean.
std::vector<BadFile> refused_beyond_the_reference() {
  return {
      {"a name twice",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
           "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
       4,
       {"\"a\"", "the name twice"}},
      {"an unknown key of a tensor",
       R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"k":1}})",
       4,
       {"\"a\"", "key \"k\""}},
      {"a key of the metadata twice",
       R"({"__metadata__":{"k":"1","k":"2"}})",
       0,
       {"twice"}},
      {"100 dimensions",
       R"({"a":{"dtype":"U8","shape":[1)" +
           [] {
             std::string ones;
             for (int i = 0; i < 99; ++i) {
               ones += ",1";
             }
             return ones;
           }() +
           R"(],"data_offsets":[0,1]}})",
       1,
       {"\"a\"", "too many"}},
  };
}

}  // namespace

TEST_CASE("a header's tensors come in the order of their bytes") {
  const auto header =
      parse(R"({"b":{"dtype":"F32","shape":[2,1],"data_offsets":[2,10]},
                "__metadata__":{"format":"pt"},
                "a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}  )",
            10);
  REQUIRE(header.tensors.size() == 2);
  CHECK(header.tensors[0].name == "a");
  CHECK(header.tensors[0].dtype == Dtype::kBF16);
  CHECK(header.tensors[0].shape.empty());
  CHECK(header.tensors[1].name == "b");
  CHECK(header.tensors[1].shape == std::vector<std::size_t>{2, 1});
  CHECK(header.tensors[1].begin == header.tensors[0].end);
  CHECK(header.tensors[1].end - header.tensors[1].begin == 8);
  CHECK(header.metadata.at("format") == "pt");
}

TEST_CASE("offsets count from the start of the file") {
  const std::string text =
      R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})";
  const std::string file = safetensors_bytes(text, "abc");
  const auto header = parse(file);
  CHECK(file.substr(header.tensors.at(0).begin, 3) == "abc");
  CHECK(header.tensors.at(0).end == file.size());
}

TEST_CASE("headers that are unusual but right are read") {
  CHECK(parse("{}", 0).tensors.empty());
  CHECK(parse("  {}  ", 0).tensors.empty());
  CHECK(parse(R"({"__metadata__":null})", 0).tensors.empty());
  CHECK(parse(R"({"__metadata__":{"a":"é"}})", 0).metadata.at("a") == "é");
  // A tensor may be called anything, nothing included.
  CHECK(parse(R"({"":{"dtype":"I8","shape":[1,1],"data_offsets":[0,1]}})", 1)
            .tensors.at(0)
            .name.empty());
  // A size of zero makes any other size harmless.
  CHECK(parse(R"({"a":{"dtype":"F64","shape":[0,9223372036854775808,4],
                  "data_offsets":[0,0]}})",
              0)
            .tensors.size() == 1);
  // Tensors without bytes lie at one place with the one that follows.
  CHECK(parse(R"({"c":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
                  "b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},
                  "z":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},
                  "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
              8)
            .tensors.size() == 4);
}

TEST_CASE("headers that lie are refused, and say what about") {
  auto bad = refused_by_the_reference();
  for (auto& more : refused_beyond_the_reference()) {
    bad.push_back(std::move(more));
  }
  for (const BadFile& file : bad) {
    INFO(file.why);
    auto message = file.message;
    message.emplace_back("f: ");
    expect_error([&] { parse(file.header, file.data_size); }, message);
  }
}

TEST_CASE("a header's length that lies is refused before anything is read") {
  const std::string good =
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
  REQUIRE(parse(safetensors_bytes(good, "x")).tensors.size() == 1);
  expect_error([&] { parse(safetensors_bytes(good, "x", 9)); }, {"f: header"});
  expect_error([&] { parse(safetensors_bytes(good, "x", 500)); },
               {"found a length of 500"});
  expect_error([&] { parse(safetensors_bytes(good, "x", 1ULL << 63U)); },
               {"9223372036854775808"});
  expect_error([&] { parse(safetensors_bytes(good, "x", ~0ULL)); },
               {"18446744073709551615"});
  expect_error([] { parse(std::string(7, '\0')); }, {"found 7 bytes"});
  expect_error([] { parse(std::string()); }, {"found 0 bytes"});
  expect_error([] { parse(std::string(8, '\0')); }, {"line 1, column 1"});
}

TEST_CASE("a header of more than 100,000,000 bytes is refused unread") {
  const std::string header = "{}" + std::string(100'000'000 - 2, ' ');
  CHECK(parse(safetensors_bytes(header)).tensors.empty());
  expect_error([&] { parse(safetensors_bytes(header + " ")); },
               {"100000000", "100000001"});
}

TEST_CASE("a file cut at any byte is refused") {
  const std::string file = safetensors_bytes(
      R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "12345678");
  for (std::size_t size = 0; size < file.size(); ++size) {
    expect_error([&] { parse(file.substr(0, size)); }, {"f: "});
  }
}

TEST_CASE("a hostile name is shown harmlessly") {
  const auto message = expect_error(
      [] {
        parse(R"({"\n\u001b[2J)" + std::string(5000, 'n') + R"(":{}})", 0);
      },
      {"\\x0a\\x1b[2J"});
  CHECK(message.size() < 300);
}
