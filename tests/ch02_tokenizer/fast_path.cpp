// The fast path against the stages, which the goldens hold to the reference.

#include "ch02_tokenizer/fast_path.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/byte_kind.hpp"
#include "ch02_tokenizer/character_tables.hpp"
#include "ch02_tokenizer/packed_utf8.hpp"
#include "ch02_tokenizer/tokenizer.hpp"
#include "common/error.hpp"
#include "common/utf8.hpp"

using distilbert::append_utf8;
using distilbert::ByteKind;
using distilbert::decode_utf8;
using distilbert::FastPath;
using distilbert::is;
using distilbert::ShortLivedTokens;
using distilbert::SpecialTokens;
using distilbert::Tokenizer;
using distilbert::TokenizerOptions;
using distilbert::TokenizerPath;
using distilbert::Vocabulary;

namespace {

// Sanitizers make everything ten times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRandomTexts = 2000;
constexpr char32_t kStep = 17;
#else
constexpr int kRandomTexts = 20000;
constexpr char32_t kStep = 1;
#endif

/// One tokenizer, in both ways.
class Both {
 public:
  explicit Both(const TokenizerOptions& options = {})
      : fast_(bert_tokenizer(options)),
        staged_(bert_tokenizer(options, TokenizerPath::kStages)) {}

  [[nodiscard]] bool agree_on(std::string_view text) const {
    return fast_.encode(text) == staged_.encode(text);
  }

 private:
  Tokenizer fast_;
  Tokenizer staged_;
};

std::vector<TokenizerOptions> all_settings() {
  std::vector<TokenizerOptions> settings;
  for (int bits = 0; bits < 8; ++bits) {
    TokenizerOptions options;
    options.lowercase = (bits & 1) == 0;
    options.strip_accents = (bits & 2) == 0;
    options.tokenize_chinese_chars = (bits & 4) == 0;
    settings.push_back(options);
  }
  return settings;
}

/// What may go wrong where it meets: letters of one to four bytes, marks that
/// are dropped, that stay, that are sorted; what vanishes, what separates.
std::vector<std::string> nasty_pieces() {
  return {"a",          "Z",          "word",   "unaffordable",
          "7",          " ",          "\t",     ".",
          "[MASK]",     "[mask]",     "é",      "É",
          "\u0301",     "\u0323",     "\u302e", "\u0130",
          "\U0001d16f", "\U0001d165", "\u1ac0", "\u200b",
          "\u00a0",     "\u00ad",     "\u0001", "\x7f",
          "\r\n",       "我",         "\uf900", "한",
          "한국",       "が",         "й",      "Щ",
          "ไทย",        "हिन्दी",      "عَرَبِي",   "😀",
          "€",          "。",         "\u037e", "\u1fef",
          "\u2028",     "\ufffd",     "Σ",      "ß",
          "ǅ",          "\u0390",     "##",     "1234567",
          "12345678",   "abcdefgh"};
}

std::string random_text(const std::vector<std::string>& pieces,
                        std::mt19937& random) {
  std::string text;
  const std::size_t count = random() % 12;
  for (std::size_t i = 0; i < count; ++i) {
    text += pieces[random() % pieces.size()];
  }
  return text;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::filesystem::path multilingual_text() {
  return std::filesystem::path(DISTILBERT_SOURCE_DIR) /
         "tests/bench/multilingual.txt";
}

std::filesystem::path data_folder() {
  const char* folder = std::getenv("DISTILBERT_DATA");
  return folder != nullptr
             ? std::filesystem::path(folder)
             : std::filesystem::path(DISTILBERT_SOURCE_DIR) / "../shared/data";
}

/// What a text is refused with, or "".
std::string refusal(const Tokenizer& tokenizer, const std::string& text) {
  try {
    (void)tokenizer.encode(text);
    return "";
  } catch (const distilbert::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("the fast path agrees with the stages on random nasty texts") {
  const std::vector<std::string> pieces = nasty_pieces();
  std::mt19937 random(20);
  for (const TokenizerOptions& options : all_settings()) {
    const Both both(options);
    for (int i = 0; i < kRandomTexts / 8; ++i) {
      const std::string text = random_text(pieces, random);
      if (!both.agree_on(text)) {
        FAIL("text: " << text);
      }
    }
  }
}

TEST_CASE("the fast path agrees with the stages on every code point") {
  const Both both;
  for (char32_t c = 0; c <= 0x10FFFF; c += kStep) {
    if (c >= 0xD800 && c <= 0xDFFF) {
      continue;
    }
    std::string character;
    append_utf8(c, character);
    // Among letters, behind a special token, and beside marks, which may have
    // to change places with it: class 232 stands before, 202 behind. The word
    // consists of nothing else, or its being unknown would hide the offsets.
    if (!both.agree_on("ab" + character + "cd[SEP]" + character) ||
        !both.agree_on("e \u0315" + character + " f") ||
        !both.agree_on("e " + character + "\u0327 f")) {
      FAIL("U+" << std::hex << static_cast<std::uint32_t>(c));
    }
  }
}

TEST_CASE("the fast path agrees with the stages on words of any length") {
  const Both both;
  for (const std::string letter : {"a", "Б", "ก", "𐍈", "7"}) {
    for (std::size_t before = 0; before < 10; ++before) {
      std::string word;
      for (std::size_t length = 0; length < 110; ++length) {
        for (const std::string tail : {"", "x", "é", ".", "\u0301", "한"}) {
          const std::string text = std::string(before, 'b') + word + tail;
          if (!both.agree_on(text)) {
            FAIL("text: " << text);
          }
        }
        word += letter;
      }
    }
  }
}

TEST_CASE("the fast path agrees with the stages on real text") {
  const Both both;
  for (const std::string& line : lines_of(multilingual_text())) {
    if (!both.agree_on(line)) {
      FAIL("text: " << line);
    }
  }
  const std::filesystem::path english =
      data_folder() / "glue" / "QNLI" / "dev.tsv";
  if (!std::filesystem::exists(english)) {
    WARN("skipped: " << english.string() << " isn't there");
    return;
  }
  for (const std::string& line : lines_of(english)) {
    if (!both.agree_on(line)) {
      FAIL("text: " << line);
    }
  }
}

TEST_CASE("the fast path gives real text to the stages nowhere") {
  const Vocabulary vocabulary = Vocabulary::from_file(bert_vocabulary_path());
  const FastPath fast(vocabulary.index(), {}, 100);
  for (const std::string& line : lines_of(multilingual_text())) {
    ShortLivedTokens memory(line.size());
    INFO("text: " << line);
    CHECK(fast.append_tokens(line, vocabulary.index(), SpecialTokens(),
                             memory.tokens()));
    CHECK(memory.tokens().size() > 1);
  }
}

TEST_CASE("offsets behind a special token count code points on both ways") {
  TokenizerOptions options;
  options.additional_special_tokens = {"<\u00e9\u6211>"};
  const Vocabulary vocabulary(
      {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "<\u00e9\u6211>", "a", "##b"});
  for (const TokenizerPath path : kBothPaths) {
    const Tokenizer tokenizer(vocabulary, options, path);
    const auto encoding =
        tokenizer.encode("a<\u00e9\u6211>ab", {.add_special_tokens = false});
    CHECK(encoding.ids == std::vector<std::int32_t>{5, 4, 5, 6});
    CHECK(flatten(encoding.offsets) ==
          std::vector<std::uint32_t>{0, 1, 1, 5, 5, 6, 6, 7});
    CHECK(encoding.word_ids == std::vector<std::int32_t>{0, 1, 2, 2});
  }
}

TEST_CASE("what isn't UTF-8 is refused in the same words on both ways") {
  const Tokenizer fast = bert_tokenizer();
  const Tokenizer staged = bert_tokenizer({}, TokenizerPath::kStages);
  for (const std::string bytes :
       {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
        "\xe2\x82", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98",
        "\xf8\x88\x80\x80\x80", "\xff", "\xe2\x82\xc3\xa9"}) {
    for (const std::string before : {"", "a word ", "12345678", "é"}) {
      const std::string text = before + bytes;
      CHECK_FALSE(refusal(fast, text).empty());
      CHECK(refusal(fast, text) == refusal(staged, text));
    }
  }
}

TEST_CASE("every code point is unpacked and packed as UTF-8 has it") {
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) {
      continue;
    }
    std::string utf8;
    append_utf8(c, utf8);
    std::uint32_t bytes = 0;
    utf8.copy(reinterpret_cast<char*>(&bytes), sizeof bytes);
    const auto packed = distilbert::pack_character(c);
    const auto unpacked = distilbert::unpack_character(bytes);
    const bool right = packed.bytes == bytes && packed.size == utf8.size() &&
                       unpacked.code_point == c && unpacked.bytes == bytes &&
                       unpacked.size == utf8.size();
    if (!right) {
      FAIL("U+" << std::hex << static_cast<std::uint32_t>(c));
    }
  }
}

TEST_CASE("bytes have the kinds that the tables of classes give them") {
  for (unsigned byte = 0; byte < 128; ++byte) {
    const auto c = static_cast<char32_t>(byte);
    const bool space =
        is(c, distilbert::kToSpace) || is(c, distilbert::kWhitespace);
    ByteKind kind = ByteKind::kLetter;
    if (is(c, distilbert::kRemoved)) {
      kind = ByteKind::kOther;
    } else if (space) {
      kind = ByteKind::kSpace;
    } else if (is(c, distilbert::kPunctuation)) {
      kind = ByteKind::kPunctuation;
    }
    CHECK(distilbert::byte_kind(static_cast<char>(byte)) == kind);
    const bool letter = kind == ByteKind::kLetter;
    CHECK(distilbert::kLetters[byte] == (letter ? static_cast<char>(byte) : 0));
    CHECK(distilbert::kSmallLetters[byte] ==
          (letter ? static_cast<char>(distilbert::simple_lowercase(c)) : 0));
  }
}
