#include "ch02_tokenizer/train_vocabulary.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ch02_tokenizer/aligned_text.hpp"
#include "ch02_tokenizer/choose_merge.hpp"
#include "ch02_tokenizer/normalization.hpp"
#include "ch02_tokenizer/pair_statistics.hpp"
#include "ch02_tokenizer/split_words.hpp"
#include "common/utf8.hpp"

namespace distilbert {
namespace {

constexpr std::string_view kPrefix = "##";

/// Tokens in the order of their ids, each once.
class GrowingVocabulary {
 public:
  /// The id of a token, which is added if it is new.
  std::int32_t add(const std::string& token) {
    const auto [entry, is_new] =
        ids_.emplace(token, static_cast<std::int32_t>(tokens_.size()));
    if (is_new) {
      tokens_.push_back(token);
    }
    return entry->second;
  }

  [[nodiscard]] const std::string& token(std::int32_t id) const {
    return tokens_[static_cast<std::size_t>(id)];
  }

  [[nodiscard]] const std::vector<std::string>& tokens() const {
    return tokens_;
  }

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::int32_t> ids_;
};

/// The most frequent characters, sorted by code point.
std::set<char32_t> choose_alphabet(const WordCounts& counts,
                                   std::size_t limit) {
  std::map<char32_t, std::uint64_t> frequency;
  for (const auto& [word, count] : counts) {
    for (const char32_t c : word) {
      frequency[c] += count;
    }
  }
  std::vector<std::pair<char32_t, std::uint64_t>> sorted(frequency.begin(),
                                                         frequency.end());
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  sorted.resize(std::min(limit, sorted.size()));
  std::set<char32_t> alphabet;
  for (const auto& [c, count] : sorted) {
    alphabet.insert(c);
  }
  return alphabet;
}

/// "##" and a character.
std::string continuation(char32_t c) {
  std::string token(kPrefix);
  append_utf8(c, token);
  return token;
}

/// Adds the characters, then those that continue a word somewhere.
void add_characters(const WordCounts& counts,
                    const std::set<char32_t>& alphabet,
                    GrowingVocabulary& vocabulary) {
  std::set<char32_t> continuing;
  for (const auto& [word, count] : counts) {
    for (const char32_t c : std::u32string_view(word).substr(1)) {
      if (alphabet.contains(c)) {
        continuing.insert(c);
      }
    }
  }
  for (const char32_t c : alphabet) {
    vocabulary.add(encode_utf8({&c, 1}));
  }
  for (const char32_t c : continuing) {
    vocabulary.add(continuation(c));
  }
}

/// Each word as its characters' tokens, without those that aren't kept.
std::vector<TrainingWord> cut_into_characters(
    const WordCounts& counts,
    const std::set<char32_t>& alphabet,
    GrowingVocabulary& vocabulary) {
  std::vector<TrainingWord> words;
  words.reserve(counts.size());
  for (const auto& [word, count] : counts) {
    TrainingWord cut{{}, count};
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (alphabet.contains(word[i])) {
        cut.tokens.push_back(vocabulary.add(i == 0 ? encode_utf8({&word[i], 1})
                                                   : continuation(word[i])));
      }
    }
    words.push_back(std::move(cut));
  }
  return words;
}

/// "to" and "##ken" give "token".
std::string join_tokens(const std::string& left, const std::string& right) {
  return left +
         (right.starts_with(kPrefix) ? right.substr(kPrefix.size()) : right);
}

}  // namespace

void count_words(std::string_view text,
                 const NormalizerOptions& options,
                 WordCounts& counts) {
  const AlignedText normalized =
      normalize(align(decode_utf8(text), 0), options);
  for (const Span word : split_words(normalized.characters)) {
    ++counts[normalized.characters.substr(word.begin, word.end - word.begin)];
  }
}

// --8<-- [start:train_vocabulary]
std::vector<std::string> train_vocabulary(const WordCounts& counts,
                                          const VocabularyTraining& training) {
  GrowingVocabulary vocabulary;
  for (const std::string& token : training.special_tokens) {
    vocabulary.add(token);
  }
  const auto alphabet = choose_alphabet(counts, training.limit_alphabet);
  add_characters(counts, alphabet, vocabulary);
  PairStatistics statistics(cut_into_characters(counts, alphabet, vocabulary));
  // --8<-- [start:merge_loop]
  while (vocabulary.tokens().size() < training.vocabulary_size) {
    const auto pairs = statistics.pairs();
    const auto best = choose_merge(pairs, training.min_frequency);
    if (!best) {
      break;
    }
    statistics.merge(*best, vocabulary.add(join_tokens(
                                vocabulary.token(pairs[*best].left),
                                vocabulary.token(pairs[*best].right))));
  }
  // --8<-- [end:merge_loop]
  return vocabulary.tokens();
}

// --8<-- [end:train_vocabulary]

}  // namespace distilbert
