#include "common/utf8.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "expect_error.hpp"

using distilbert::append_utf8;
using distilbert::decode_utf8;
using distilbert::encode_utf8;

TEST_CASE("every code point survives UTF-8 and back") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) {
      std::string text;
      append_utf8(c, text);
      const std::u32string decoded = decode_utf8(text);
      REQUIRE(decoded.size() == 1);
      REQUIRE(decoded[0] == c);
    }
  }
}

TEST_CASE("UTF-8 is decoded code point by code point") {
  CHECK(decode_utf8("").empty());
  CHECK(decode_utf8("aé한😀") == U"aé한😀");
  CHECK(encode_utf8(U"aé한😀") == "aé한😀");
}

TEST_CASE("what isn't UTF-8 is refused with the byte's offset") {
  const std::vector<std::string> bad = {
      "\x80",              // a continuation byte alone
      "\xC3",              // the text ends too early
      "\xE2\x82",          // the same, of three
      "\xC0\x80",          // U+0000 in two bytes
      "\xC1\xBF",          // U+007F in two bytes
      "\xE0\x9F\xBF",      // U+07FF in three bytes
      "\xF0\x8F\xBF\xBF",  // U+FFFF in four bytes
      "\xED\xA0\x80",      // U+D800, a surrogate
      "\xED\xBF\xBF",      // U+DFFF, a surrogate
      "\xF4\x90\x80\x80",  // U+110000
      "\xF8\x88\x80\x80\x80",
      "\xFF",
  };
  for (const std::string& bytes : bad) {
    expect_error([&] { (void)decode_utf8("ab" + bytes); }, {"byte 2"});
  }
  expect_error([] { (void)decode_utf8("a\xC3(b"); }, {"byte 2", "0x28"});
}

TEST_CASE("a surrogate can't be written as UTF-8") {
  std::string text;
  CHECK_THROWS_AS(append_utf8(0xD800, text), std::logic_error);
  CHECK_THROWS_AS(append_utf8(0x110000, text), std::logic_error);
}
