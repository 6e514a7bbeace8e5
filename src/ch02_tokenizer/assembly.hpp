#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ch02_tokenizer/encoding.hpp"
#include "ch02_tokenizer/split_words.hpp"
#include "ch02_tokenizer/text_tokens.hpp"

namespace distilbert {

/// One text's tokens and the windows of them that truncation chose.
struct WindowedPart {
  std::span<const TextToken> tokens;
  std::vector<Span> windows;
};

/// The ids that the template adds, or none of them.
struct TemplateTokens {
  bool add = true;
  std::int32_t cls_id = -1;
  std::int32_t sep_id = -1;
};

/// How many tokens the template adds to one text or to a pair.
std::size_t template_size(bool add, bool is_pair);

/// [CLS] A [SEP] or [CLS] A [SEP] B [SEP]; `parts` holds A or A and B, whole.
/// Reference behaviour: TemplateProcessing.
Encoding fill_template(std::span<const std::span<const TextToken>> parts,
                       const TemplateTokens& tokens);

/// The template filled with the first windows, and every other combination of
/// windows as overflow, in the reference's order: for each further window of A
/// all of B's, then the first of A with B's further ones. `parts` holds one or
/// two parts.
Encoding assemble(const std::vector<WindowedPart>& parts,
                  const TemplateTokens& tokens);

}  // namespace distilbert
