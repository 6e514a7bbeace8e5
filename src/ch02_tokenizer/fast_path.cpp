#include "ch02_tokenizer/fast_path.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "ch02_tokenizer/text_scanner.hpp"

namespace distilbert {

FastPath::FastPath(const PieceIndex& index,
                   const NormalizerOptions& options,
                   std::int32_t unknown_id)
    : options_(options), unknown_id_(unknown_id) {
  for (std::size_t c = 0; c < punctuation_ids_.size(); ++c) {
    const std::array<char, 1 + PieceIndex::kPadding> text{static_cast<char>(c)};
    const std::int32_t id = index.find(text.data(), 1, PieceKind::kBeginning);
    punctuation_ids_[c] = id == PieceIndex::kNone ? unknown_id : id;
  }
}

bool FastPath::append_tokens(std::string_view text,
                             const PieceIndex& index,
                             const SpecialTokens& special_tokens,
                             TextTokens& tokens) const {
  if (text.size() > std::numeric_limits<std::int32_t>::max()) {
    return false;
  }
  TextScanner scanner(text, *this, index, tokens);
  std::size_t begin = 0;
  while (const auto match = special_tokens.find(text, begin)) {
    if (!scanner.read_until(match->begin)) {
      return false;
    }
    scanner.read_special(match->id, match->end);
    begin = match->end;
  }
  return scanner.read_until(text.size());
}

}  // namespace distilbert
