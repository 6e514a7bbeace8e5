// The pieces of normalisation, each on its own.

#include "ch02_tokenizer/normalization.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "ch02_tokenizer/aligned_text.hpp"
#include "ch02_tokenizer/split_words.hpp"

using distilbert::align;
using distilbert::AlignedText;
using distilbert::clean_text;
using distilbert::decompose_hangul;
using distilbert::isolate_ideographs;
using distilbert::lowercase;
using distilbert::Span;
using distilbert::split_words;
using distilbert::strip_accents;

namespace {

using Origins = std::vector<std::uint32_t>;

void check_aligned(const AlignedText& text,
                   std::u32string_view characters,
                   const Origins& origins) {
  CHECK(text.characters == characters);
  CHECK(text.origins == origins);
}

}  // namespace

TEST_CASE("clean_text deletes controls and unifies spaces") {
  check_aligned(clean_text(align(U"a\u200bb\u00a0c\td\u0000e\ufffd\u0085", 0)),
                U"ab c d", {0, 2, 3, 4, 5, 6});
  check_aligned(clean_text(align(std::u32string_view(U"a\0b", 3), 4)), U"ab",
                {4, 6});
  check_aligned(clean_text(align(U"a\vb\fc\x7f", 0)), U"abc", {0, 2, 4});
  check_aligned(clean_text(align(U"\U000e0001\ue000", 0)), U"", {});
}

TEST_CASE("clean_text keeps code points that Unicode hasn't assigned") {
  check_aligned(clean_text(align(U"\u0378", 0)), U"\u0378", {0});
}

TEST_CASE("spaces around an ideograph have its origin") {
  check_aligned(isolate_ideographs(align(U"a我b", 0)), U"a 我 b",
                {0, 1, 1, 1, 2});
  check_aligned(isolate_ideographs(align(U"か한", 0)), U"か한", {0, 1});
  check_aligned(isolate_ideographs(align(U"\U0002b91f\U0002b920", 0)),
                U"\U0002b91f \U0002b920 ", {0, 1, 1, 1});
}

TEST_CASE("Hangul syllables decompose into two or three jamo") {
  CHECK(decompose_hangul(U'가') == U"\u1100\u1161");
  CHECK(decompose_hangul(U'각') == U"\u1100\u1161\u11a8");
  CHECK(decompose_hangul(U'한') == U"\u1112\u1161\u11ab");
  CHECK(decompose_hangul(U'개') == U"\u1100\u1162");
  CHECK(decompose_hangul(U'힣') == U"\u1112\u1175\u11c2");
}

TEST_CASE("strip_accents drops marks that were there and that appear") {
  check_aligned(strip_accents(align(U"caf\u00e9 e\u0301x", 0)), U"cafe ex",
                {0, 1, 2, 3, 4, 5, 7});
  check_aligned(strip_accents(align(U"a한", 0)), U"a\u1112\u1161\u11ab",
                {0, 1, 1, 1});
  check_aligned(strip_accents(align(U"Łﬁ", 0)), U"Łﬁ", {0, 1});
}

TEST_CASE("marks that stay are put in canonical order, their origins aren't") {
  // U+1D16F (class 216) moves before U+302E (class 224).
  check_aligned(strip_accents(align(U"a\u302e\U0001d16fb", 0)),
                U"a\U0001d16f\u302eb", {0, 1, 2, 3});
}

TEST_CASE("marks of one class keep their order") {
  check_aligned(strip_accents(align(U"a\U0001d16e\U0001d165b", 0)),
                U"a\U0001d16e\U0001d165b", {0, 1, 2, 3});
  check_aligned(strip_accents(align(U"a\U0001d165\U0001d16eb", 0)),
                U"a\U0001d165\U0001d16eb", {0, 1, 2, 3});
}

TEST_CASE("marks newer than the reference's table aren't sorted") {
  // U+1AC0 has class 220 in Unicode 13; here it stays behind U+302E (224).
  check_aligned(strip_accents(align(U"a\u302e\u1ac0b", 0)), U"a\u302e\u1ac0b",
                {0, 1, 2, 3});
}

TEST_CASE("lowercase knows one code point that becomes two") {
  check_aligned(lowercase(align(U"A\u0130Σ", 0)), U"ai\u0307σ", {0, 1, 1, 2});
  check_aligned(lowercase(align(U"ẞß\u2126", 0)), U"ßß\u03c9", {0, 1, 2});
}

TEST_CASE("whitespace ends a word and punctuation is one") {
  using Words = std::vector<Span>;
  CHECK(split_words(U"ab  c,d!") ==
        Words{{0, 2}, {4, 5}, {5, 6}, {6, 7}, {7, 8}});
  CHECK(split_words(U"") == Words{});
  CHECK(split_words(U" ") == Words{});
  CHECK(split_words(U"€™。") == Words{{0, 2}, {2, 3}});
}
