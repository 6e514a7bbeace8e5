#include "ch02_tokenizer/assembly.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ch02_tokenizer/encoding.hpp"
#include "ch02_tokenizer/split_words.hpp"
#include "common/error.hpp"

namespace distilbert {
namespace {

void append_special(std::int32_t id, std::int32_t type_id, Encoding& encoding) {
  encoding.ids.push_back(id);
  encoding.type_ids.push_back(type_id);
  encoding.offsets.push_back({0, 0});
  encoding.special_tokens_mask.push_back(1);
  encoding.word_ids.push_back(-1);
  encoding.sequence_ids.push_back(-1);
}

void append_part(std::span<const TextToken> tokens,
                 std::int32_t sequence,
                 Encoding& encoding) {
  for (const TextToken& token : tokens) {
    encoding.ids.push_back(token.id);
    encoding.offsets.push_back(token.offset);
    encoding.word_ids.push_back(token.word);
  }
  const std::size_t size = encoding.ids.size();
  encoding.type_ids.resize(size, sequence);
  encoding.special_tokens_mask.resize(size, 0);
  encoding.sequence_ids.resize(size, sequence);
}

void reserve(std::size_t size, Encoding& encoding) {
  encoding.ids.reserve(size);
  encoding.type_ids.reserve(size);
  encoding.offsets.reserve(size);
  encoding.special_tokens_mask.reserve(size);
  encoding.word_ids.reserve(size);
  encoding.sequence_ids.reserve(size);
}

/// The template filled with one window of each part: `choice[i]` of part i.
Encoding fill_with_windows(const std::vector<WindowedPart>& parts,
                           std::array<std::size_t, 2> choice,
                           const TemplateTokens& tokens) {
  std::array<std::span<const TextToken>, 2> chosen;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto [begin, end] = parts[i].windows[choice[i]];
    chosen[i] = parts[i].tokens.subspan(begin, end - begin);
  }
  return fill_template(std::span(chosen).first(parts.size()), tokens);
}

}  // namespace

// --8<-- [start:fill_template]
Encoding fill_template(std::span<const std::span<const TextToken>> parts,
                       const TemplateTokens& tokens) {
  Encoding encoding;
  std::size_t size = template_size(tokens.add, parts.size() == 2);
  for (const auto& part : parts) {
    size += part.size();
  }
  reserve(size, encoding);
  if (tokens.add) {
    append_special(tokens.cls_id, 0, encoding);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto sequence = static_cast<std::int32_t>(i);
    append_part(parts[i], sequence, encoding);
    if (tokens.add) {
      append_special(tokens.sep_id, sequence, encoding);
    }
  }
  return encoding;
}

// --8<-- [end:fill_template]

std::size_t template_size(bool add, bool is_pair) {
  if (!add) {
    return 0;
  }
  return is_pair ? 3 : 2;
}

Encoding assemble(const std::vector<WindowedPart>& parts,
                  const TemplateTokens& tokens) {
  require(parts.size() == 1 || parts.size() == 2,
          "assemble: expected one or two parts, found {}", parts.size());
  if (parts.size() == 1) {
    Encoding encoding = fill_with_windows(parts, {0, 0}, tokens);
    for (std::size_t i = 1; i < parts[0].windows.size(); ++i) {
      encoding.overflow.push_back(fill_with_windows(parts, {i, 0}, tokens));
    }
    return encoding;
  }
  Encoding encoding = fill_with_windows(parts, {0, 0}, tokens);
  for (std::size_t i = 1; i < parts[0].windows.size(); ++i) {
    for (std::size_t j = 0; j < parts[1].windows.size(); ++j) {
      encoding.overflow.push_back(fill_with_windows(parts, {i, j}, tokens));
    }
  }
  for (std::size_t j = 1; j < parts[1].windows.size(); ++j) {
    encoding.overflow.push_back(fill_with_windows(parts, {0, j}, tokens));
  }
  return encoding;
}

}  // namespace distilbert
