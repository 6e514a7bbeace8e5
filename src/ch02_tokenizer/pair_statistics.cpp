#include "ch02_tokenizer/pair_statistics.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ch02_tokenizer/choose_merge.hpp"

namespace distilbert {
namespace {

/// Replaces left, right by merged, from left to right, in place.
void merge_neighbours(std::int32_t left,
                      std::int32_t right,
                      std::int32_t merged,
                      std::vector<std::int32_t>& tokens) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool found =
        tokens[i] == left && i + 1 < tokens.size() && tokens[i + 1] == right;
    tokens[kept++] = found ? merged : tokens[i];
    i += found ? 1 : 0;
  }
  tokens.resize(kept);
}

}  // namespace

PairStatistics::PairStatistics(std::vector<TrainingWord> words)
    : words_(std::move(words)) {
  for (std::size_t word = 0; word < words_.size(); ++word) {
    add_pairs(word);
  }
}

void PairStatistics::merge(std::size_t index, std::int32_t merged) {
  const PairCount pair = pairs_[index];
  const std::unordered_set<std::size_t> words =
      std::exchange(words_of_[index], {});
  for (const std::size_t word : words) {
    subtract_pairs(word);
    merge_neighbours(pair.left, pair.right, merged, words_[word].tokens);
    add_pairs(word);
  }
}

void PairStatistics::add_pairs(std::size_t word) {
  const std::vector<std::int32_t>& tokens = words_[word].tokens;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const std::size_t index = index_of(tokens[i - 1], tokens[i]);
    pairs_[index].count += words_[word].count;
    words_of_[index].insert(word);
  }
}

void PairStatistics::subtract_pairs(std::size_t word) {
  const std::vector<std::int32_t>& tokens = words_[word].tokens;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    pairs_[index_of(tokens[i - 1], tokens[i])].count -= words_[word].count;
  }
}

std::size_t PairStatistics::index_of(std::int32_t left, std::int32_t right) {
  const std::uint64_t key =
      (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) |
      static_cast<std::uint32_t>(right);
  const auto [entry, is_new] = index_.emplace(key, pairs_.size());
  if (is_new) {
    pairs_.push_back({left, right, 0});
    words_of_.emplace_back();
  }
  return entry->second;
}

}  // namespace distilbert
