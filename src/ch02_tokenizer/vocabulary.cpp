#include "ch02_tokenizer/vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ch02_tokenizer/character_tables.hpp"
#include "common/error.hpp"
#include "common/utf8.hpp"

namespace distilbert {
namespace {

constexpr std::uint32_t kHashSeed = 2166136261U;

/// FNV-1a over code points. Goes on from `hash`, so that a prefix may be hashed
/// apart from what follows.
std::uint32_t hash_characters(std::u32string_view text, std::uint32_t hash) {
  for (const char32_t c : text) {
    hash = (hash ^ c) * 16777619U;
  }
  return hash;
}

/// FNV's low bits mix the least, and they choose the slot.
std::uint32_t finish_hash(std::uint32_t hash) {
  return hash ^ (hash >> 15U);
}

void remove_trailing_whitespace(std::u32string& line) {
  while (!line.empty() && is(line.back(), kWhitespace)) {
    line.pop_back();
  }
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens)
    : tokens_(std::move(tokens)) {
  if (tokens_.empty()) {
    fail("the vocabulary is empty");
  }
  require(tokens_.size() < std::numeric_limits<std::int32_t>::max() / 4,
          "a vocabulary of {} tokens is too large", tokens_.size());
  begins_.push_back(0);
  for (const std::string& token : tokens_) {
    characters_ += decode_utf8(token);
    longest_token_ =
        std::max(longest_token_, characters_.size() - begins_.back());
    begins_.push_back(characters_.size());
  }
  slots_.resize(std::bit_ceil(2 * tokens_.size() + 1));
  for (std::size_t id = 0; id < tokens_.size(); ++id) {
    insert(static_cast<std::int32_t>(id));
  }
}

Vocabulary Vocabulary::from_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    fail("{}: can't be read", path.string());
  }
  std::vector<std::string> tokens;
  for (std::string line; std::getline(file, line);) {
    try {
      std::u32string characters = decode_utf8(line);
      remove_trailing_whitespace(characters);
      tokens.push_back(encode_utf8(characters));
    } catch (const Error& error) {
      fail("{}: line {}: {}", path.string(), tokens.size() + 1, error.what());
    }
  }
  if (tokens.empty()) {
    fail("{}: expected one token a line, found nothing", path.string());
  }
  return Vocabulary(std::move(tokens));
}

const std::string& Vocabulary::token(std::int32_t id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= tokens_.size()) {
    fail("token id {} isn't one of the vocabulary's {}", id, tokens_.size());
  }
  return tokens_[static_cast<std::size_t>(id)];
}

std::optional<std::int32_t> Vocabulary::find(std::u32string_view token) const {
  return find_after({}, token);
}

std::optional<std::int32_t> Vocabulary::find_continuation(
    std::u32string_view rest) const {
  return find_after(kContinuationPrefix, rest);
}

std::u32string_view Vocabulary::characters(std::int32_t id) const {
  const auto i = static_cast<std::size_t>(id);
  return std::u32string_view(characters_)
      .substr(begins_[i], begins_[i + 1] - begins_[i]);
}

void Vocabulary::insert(std::int32_t id) {
  const std::u32string_view text = characters(id);
  const std::uint32_t hash = finish_hash(hash_characters(text, kHashSeed));
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash & mask;
  while (slots_[i].id >= 0 && characters(slots_[i].id) != text) {
    i = (i + 1) & mask;
  }
  slots_[i] = {hash, id};
}

std::optional<std::int32_t> Vocabulary::find_after(
    std::u32string_view prefix, std::u32string_view rest) const {
  const std::uint32_t hash =
      finish_hash(hash_characters(rest, hash_characters(prefix, kHashSeed)));
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask; slots_[i].id >= 0; i = (i + 1) & mask) {
    if (slots_[i].hash == hash) {
      const std::u32string_view found = characters(slots_[i].id);
      if (found.starts_with(prefix) && found.substr(prefix.size()) == rest) {
        return slots_[i].id;
      }
    }
  }
  return std::nullopt;
}

}  // namespace distilbert
