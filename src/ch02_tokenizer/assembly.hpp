#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ch02_tokenizer/encoding.hpp"
#include "ch02_tokenizer/split_words.hpp"

namespace distilbert {

/// One text's tokens before truncation and without template.
struct TokenizedPart {
  std::vector<std::int32_t> ids;
  std::vector<Offset> offsets;
  std::vector<std::int32_t> word_ids;

  /// How many tokens there are.
  [[nodiscard]] std::size_t size() const { return ids.size(); }
};

/// A tokenized part and the windows of it that truncation chose.
struct WindowedPart {
  TokenizedPart part;
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

/// [CLS] A [SEP] or [CLS] A [SEP] B [SEP] of the first windows, and every other
/// combination of windows as overflow, in the reference's order: for each
/// further window of A all of B's, then the first of A with B's further ones.
/// `parts` holds one or two parts. Reference behaviour: TemplateProcessing.
Encoding assemble(const std::vector<WindowedPart>& parts,
                  const TemplateTokens& tokens);

}  // namespace distilbert
