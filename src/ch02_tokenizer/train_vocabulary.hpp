#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ch02_tokenizer/normalization.hpp"

namespace distilbert {

/// How often each word of a corpus occurs.
using WordCounts = std::map<std::u32string, std::uint64_t>;

/// Adds the words of a text, normalised and split as the tokenizer does it, to
/// `counts`. `text` is UTF-8; throws Error where it isn't.
void count_words(std::string_view text,
                 const NormalizerOptions& options,
                 WordCounts& counts);

/// How a vocabulary is trained; the defaults are the reference's.
struct VocabularyTraining {
  /// How many tokens there are at most, unless special tokens and alphabet
  /// alone are more.
  std::size_t vocabulary_size = 30000;
  /// A pair that occurs less often isn't merged.
  std::uint64_t min_frequency = 2;
  /// How many different characters are kept, the most frequent ones first and
  /// of equally frequent ones the smaller code point. The others are skipped.
  std::size_t limit_alphabet = 1000;
  std::vector<std::string> special_tokens = {"[PAD]", "[UNK]", "[CLS]", "[SEP]",
                                             "[MASK]"};
};

/// Learns a vocabulary: the special tokens, the characters, the characters with
/// "##", then merges of two neighbouring tokens, the most frequent pair first.
/// Returns the tokens in order of their ids.
///
/// This is what the reference's WordPieceTrainer does: byte-pair encoding with
/// a prefix, not the likelihood that the WordPiece paper maximises. Unlike
/// there, the result is the same in every run: the "##" characters come in the
/// order of code points (the reference has them in the random order of a hash
/// map, and ids decide between equally frequent pairs). Counts have 64 bits.
std::vector<std::string> train_vocabulary(const WordCounts& counts,
                                          const VocabularyTraining& training);

}  // namespace distilbert
