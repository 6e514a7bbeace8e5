#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ch02_tokenizer/choose_merge.hpp"

namespace distilbert {

/// A word of the corpus as the tokens it consists of so far.
struct TrainingWord {
  std::vector<std::int32_t> tokens;
  std::uint64_t count;
};

/// The words of a corpus, and for each pair of neighbouring tokens how often it
/// occurs and in which words. Merging a pair touches only the words that hold
/// it.
class PairStatistics {
 public:
  /// Counts the pairs of these words.
  explicit PairStatistics(std::vector<TrainingWord> words);

  /// All pairs that ever occurred; those that are gone have count 0.
  [[nodiscard]] std::span<const PairCount> pairs() const { return pairs_; }

  /// Replaces the pair of an index by one token in all words, from left to
  /// right.
  void merge(std::size_t index, std::int32_t merged);

 private:
  void add_pairs(std::size_t word);
  void subtract_pairs(std::size_t word);
  std::size_t index_of(std::int32_t left, std::int32_t right);

  std::vector<TrainingWord> words_;
  std::vector<PairCount> pairs_;
  // Per pair: the words that hold it, perhaps with some that no longer do.
  std::vector<std::unordered_set<std::size_t>> words_of_;
  std::unordered_map<std::uint64_t, std::size_t> index_;
};

}  // namespace distilbert
