#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ch02_tokenizer/vocabulary.hpp"

namespace distilbert {

/// A longer word (in code points, after normalisation) is unknown as a whole.
/// The reference's max_input_chars_per_word.
inline constexpr std::size_t kMaximumWordLength = 100;

/// A token and the code points [begin, end) of its word that it covers.
struct Piece {
  std::int32_t id;
  std::size_t begin;
  std::size_t end;

  bool operator==(const Piece&) const = default;
};

/// Appends the pieces of one normalised word to `pieces`: from the left, always
/// the longest token that fits, continuations with the prefix "##". Where no
/// token fits, the whole word becomes one `unknown_id`.
/// Wu et al. 2016 (arXiv:1609.08144), section 4.1; reference behaviour:
/// the WordPiece model.
void wordpiece(std::u32string_view word,
               const Vocabulary& vocabulary,
               std::int32_t unknown_id,
               std::vector<Piece>& pieces);

}  // namespace distilbert
