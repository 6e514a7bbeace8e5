#include "ch02_tokenizer/assembly.hpp"

#include <cstddef>
#include <cstdint>
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

/// Appends values[window] to `to`.
template <class T>
void append_window(const std::vector<T>& values,
                   Span window,
                   std::vector<T>& to) {
  const auto begin = values.begin();
  to.insert(to.end(), begin + static_cast<std::ptrdiff_t>(window.begin),
            begin + static_cast<std::ptrdiff_t>(window.end));
}

void append_part(const TokenizedPart& part,
                 Span window,
                 std::int32_t sequence,
                 Encoding& encoding) {
  append_window(part.ids, window, encoding.ids);
  append_window(part.offsets, window, encoding.offsets);
  append_window(part.word_ids, window, encoding.word_ids);
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

// --8<-- [start:fill_template]
/// [CLS] first [SEP] second [SEP] of the chosen windows (`choice[i]` of part
/// i).
Encoding fill_template(const std::vector<WindowedPart>& parts,
                       const std::vector<std::size_t>& choice,
                       const TemplateTokens& tokens) {
  Encoding encoding;
  std::size_t size = template_size(tokens.add, parts.size() == 2);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Span window = parts[i].windows[choice[i]];
    size += window.end - window.begin;
  }
  reserve(size, encoding);
  if (tokens.add) {
    append_special(tokens.cls_id, 0, encoding);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto sequence = static_cast<std::int32_t>(i);
    append_part(parts[i].part, parts[i].windows[choice[i]], sequence, encoding);
    if (tokens.add) {
      append_special(tokens.sep_id, sequence, encoding);
    }
  }
  return encoding;
}

// --8<-- [end:fill_template]

}  // namespace

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
    Encoding encoding = fill_template(parts, {0}, tokens);
    for (std::size_t i = 1; i < parts[0].windows.size(); ++i) {
      encoding.overflow.push_back(fill_template(parts, {i}, tokens));
    }
    return encoding;
  }
  Encoding encoding = fill_template(parts, {0, 0}, tokens);
  for (std::size_t i = 1; i < parts[0].windows.size(); ++i) {
    for (std::size_t j = 0; j < parts[1].windows.size(); ++j) {
      encoding.overflow.push_back(fill_template(parts, {i, j}, tokens));
    }
  }
  for (std::size_t j = 1; j < parts[1].windows.size(); ++j) {
    encoding.overflow.push_back(fill_template(parts, {0, j}, tokens));
  }
  return encoding;
}

}  // namespace distilbert
