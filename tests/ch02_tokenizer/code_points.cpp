// Every code point against the reference, in all four settings, through a
// vocabulary that makes visible what normalisation did.

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/tokenizer.hpp"
#include "common/utf8.hpp"

using distilbert::append_utf8;
using distilbert::Encoding;
using distilbert::Tokenizer;
using distilbert::TokenizerOptions;
using distilbert::TokenizerPath;
using distilbert::Vocabulary;

namespace {

constexpr char32_t kBlock = 1024;

// Sanitizers make everything ten times slower, so there every 16th block must
// do.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kStep = 16;
#else
constexpr std::size_t kStep = 1;
#endif

bool is_surrogate(char32_t c) {
  return c >= 0xD800 && c <= 0xDFFF;
}

/// The checksum that Python's zlib.crc32 computes.
class Crc32 {
 public:
  Crc32() {
    for (std::uint32_t i = 0; i < table_.size(); ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) {
        value = (value >> 1U) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
      }
      table_[i] = value;
    }
  }

  /// Adds the four bytes of a number, lowest first.
  void add(std::uint32_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      const std::uint32_t byte = (number >> shift) & 0xFFU;
      state_ = (state_ >> 8U) ^ table_[(state_ ^ byte) & 0xFFU];
    }
  }

  [[nodiscard]] std::uint32_t value() const { return ~state_; }

 private:
  std::array<std::uint32_t, 256> table_{};
  std::uint32_t state_ = 0xFFFFFFFFU;
};

/// Every code point is a token, alone and as a continuation.
Vocabulary transparent_vocabulary() {
  std::vector<std::string> tokens = {"[PAD]", "[UNK]", "[CLS]", "[SEP]",
                                     "[MASK]"};
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!is_surrogate(c)) {
      std::string token;
      append_utf8(c, token);
      tokens.push_back(token);
      tokens.push_back("##" + token);
    }
  }
  return Vocabulary(tokens);
}

void add_encoding(const Encoding& encoding, Crc32& crc) {
  crc.add(static_cast<std::uint32_t>(encoding.size()));
  for (const std::int32_t id : encoding.ids) {
    crc.add(static_cast<std::uint32_t>(id));
  }
  for (const std::uint32_t position : flatten(encoding.offsets)) {
    crc.add(position);
  }
}

std::uint32_t block_digest(const Tokenizer& tokenizer, char32_t first) {
  Crc32 crc;
  for (char32_t c = first; c < first + kBlock; ++c) {
    if (is_surrogate(c)) {
      continue;
    }
    // --8<-- [start:three_texts]
    std::string character;
    append_utf8(c, character);
    for (const std::string& text :
         {character, "a" + character + "b", " " + character + " "}) {
      add_encoding(tokenizer.encode(text, {.add_special_tokens = false}), crc);
    }
    // --8<-- [end:three_texts]
  }
  return crc.value();
}

struct GoldenBlock {
  char32_t first;
  std::array<std::uint32_t, 4> digests;
};

std::vector<GoldenBlock> read_golden_blocks() {
  std::ifstream file(tokenizer_golden("code_points.txt"));
  std::vector<GoldenBlock> blocks;
  for (std::string line; std::getline(file, line);) {
    if (line.front() != '#') {
      std::istringstream fields(line);
      std::uint32_t first = 0;
      GoldenBlock block{};
      fields >> std::hex >> first;
      block.first = first;
      for (std::uint32_t& digest : block.digests) {
        fields >> digest;
      }
      blocks.push_back(block);
    }
  }
  return blocks;
}

void check_setting(bool lowercase, bool strip_accents, std::size_t column) {
  const std::vector<GoldenBlock> blocks = read_golden_blocks();
  REQUIRE(blocks.size() == 0x110000 / kBlock);
  TokenizerOptions options;
  options.lowercase = lowercase;
  options.strip_accents = strip_accents;
  for (const TokenizerPath path : kBothPaths) {
    const Tokenizer tokenizer(transparent_vocabulary(), options, path);
    for (std::size_t i = 0; i < blocks.size(); i += kStep) {
      const char32_t first = blocks[i].first;
      INFO("block of U+" << std::hex << static_cast<std::uint32_t>(first));
      CHECK(block_digest(tokenizer, first) == blocks[i].digests[column]);
    }
  }
}

}  // namespace

TEST_CASE("all code points are the reference's: lower case, no accents") {
  check_setting(true, true, 0);
}

TEST_CASE("all code points are the reference's: lower case, accents kept") {
  check_setting(true, false, 1);
}

TEST_CASE("all code points are the reference's: case kept, no accents") {
  check_setting(false, true, 2);
}

TEST_CASE("all code points are the reference's: case and accents kept") {
  check_setting(false, false, 3);
}
