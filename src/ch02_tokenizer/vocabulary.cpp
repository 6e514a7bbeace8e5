#include "ch02_tokenizer/vocabulary.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ch02_tokenizer/character_tables.hpp"
#include "ch02_tokenizer/piece_index.hpp"
#include "common/error.hpp"
#include "common/utf8.hpp"

namespace distilbert {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80U;
  });
}

std::u32string without_trailing_whitespace(std::u32string line) {
  while (!line.empty() && is(line.back(), kWhitespace)) {
    line.pop_back();
  }
  return line;
}

/// How many bytes of a line are its token. Most lines need no second look.
std::size_t token_size(std::string_view line) {
  const bool ends_in_text = line.empty() || line.back() > ' ';
  if (ends_in_text && is_ascii(line)) {
    return line.size();
  }
  return encode_utf8(without_trailing_whitespace(decode_utf8(line))).size();
}

TokenTexts split_lines(std::string content, const std::string& path) {
  TokenTexts tokens;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    const std::string_view line(content.data() + begin, end - begin);
    try {
      tokens.ranges.push_back({begin, begin + token_size(line)});
    } catch (const Error& error) {
      fail("{}: line {}: {}", path, tokens.ranges.size() + 1, error.what());
    }
    begin = end + 1;
  }
  tokens.bytes = std::move(content);
  return tokens;
}

TokenTexts join(const std::vector<std::string>& texts) {
  TokenTexts tokens;
  for (const std::string& text : texts) {
    (void)decode_utf8(text);
    const std::size_t begin = tokens.bytes.size();
    tokens.bytes += text;
    tokens.ranges.push_back({begin, tokens.bytes.size()});
  }
  return tokens;
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    fail("{}: can't be read", path.string());
  }
  std::string content;
  constexpr std::size_t kChunk = std::size_t{1} << 18U;
  while (file) {
    const std::size_t before = content.size();
    content.resize(before + kChunk);
    file.read(content.data() + before, kChunk);
    content.resize(before + static_cast<std::size_t>(file.gcount()));
  }
  return content;
}

}  // namespace

Vocabulary::Vocabulary(const std::vector<std::string>& tokens)
    : Vocabulary(PieceIndex(join(tokens))) {}

Vocabulary::Vocabulary(PieceIndex index) : index_(std::move(index)) {
  if (size() == 0) {
    fail("the vocabulary is empty");
  }
  for (std::size_t id = 0; id < size(); ++id) {
    const std::string_view text = index_.text(static_cast<std::int32_t>(id));
    if (text.size() > longest_token_) {
      longest_token_ = std::max(longest_token_, count_code_points(text));
    }
  }
}

Vocabulary Vocabulary::from_file(const std::filesystem::path& path) {
  TokenTexts tokens = split_lines(read_file(path), path.string());
  if (tokens.ranges.empty()) {
    fail("{}: expected one token a line, found nothing", path.string());
  }
  return Vocabulary(PieceIndex(std::move(tokens)));
}

std::string_view Vocabulary::token(std::int32_t id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= size()) {
    fail("token id {} isn't one of the vocabulary's {}", id, size());
  }
  return index_.text(id);
}

std::optional<std::int32_t> Vocabulary::find(std::u32string_view token) const {
  if (token.starts_with(kContinuationPrefix)) {
    return find(token.substr(kContinuationPrefix.size()),
                PieceKind::kContinuation);
  }
  return find(token, PieceKind::kBeginning);
}

std::optional<std::int32_t> Vocabulary::find_continuation(
    std::u32string_view rest) const {
  return find(rest, PieceKind::kContinuation);
}

std::optional<std::int32_t> Vocabulary::find(std::u32string_view text,
                                             PieceKind kind) const {
  std::string bytes = encode_utf8(text);
  const std::size_t size = bytes.size();
  bytes.append(PieceIndex::kPadding, '\0');
  const std::int32_t id = index_.find(bytes.data(), size, kind);
  return id == PieceIndex::kNone ? std::nullopt : std::optional(id);
}

}  // namespace distilbert
