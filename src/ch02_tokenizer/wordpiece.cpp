#include "ch02_tokenizer/wordpiece.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ch02_tokenizer/vocabulary.hpp"

namespace distilbert {
namespace {

// --8<-- [start:longest_piece]
/// The longest token that starts at `begin`, if there is one.
std::optional<Piece> longest_piece(std::u32string_view word,
                                   std::size_t begin,
                                   const Vocabulary& vocabulary) {
  // --8<-- [start:try_shorter]
  std::size_t end = std::min(word.size(), begin + vocabulary.longest_token());
  for (; end > begin; --end) {
    const std::u32string_view candidate = word.substr(begin, end - begin);
    const auto id = begin == 0 ? vocabulary.find(candidate)
                               : vocabulary.find_continuation(candidate);
    if (id) {
      return Piece{*id, begin, end};
    }
  }
  // --8<-- [end:try_shorter]
  return std::nullopt;
}

// --8<-- [end:longest_piece]

}  // namespace

// --8<-- [start:wordpiece]
void wordpiece(std::u32string_view word,
               const Vocabulary& vocabulary,
               std::int32_t unknown_id,
               std::vector<Piece>& pieces) {
  const std::size_t pieces_before = pieces.size();
  std::size_t begin = 0;
  bool known = word.size() <= kMaximumWordLength;
  while (known && begin < word.size()) {
    const auto piece = longest_piece(word, begin, vocabulary);
    known = piece.has_value();
    if (known) {
      pieces.push_back(*piece);
      begin = piece->end;
    }
  }
  if (!known) {
    pieces.resize(pieces_before);
    pieces.push_back({unknown_id, 0, word.size()});
  }
}

// --8<-- [end:wordpiece]

}  // namespace distilbert
