#include "ch02_tokenizer/truncation.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "ch02_tokenizer/split_words.hpp"
#include "common/error.hpp"

namespace distilbert {
namespace {

/// The length of one part after `excess` tokens were cut from it alone.
std::size_t cut_only(std::size_t length, std::size_t excess, const char* part) {
  if (length <= excess) {
    fail(
        "truncation only_{}: the {} part has {} tokens, and {} would have to "
        "go: the other part alone is too long",
        part, part, length, excess);
  }
  return length - excess;
}

std::vector<Span> windows_from_left(std::size_t length,
                                    std::size_t max_length,
                                    std::size_t step) {
  std::vector<Span> found;
  for (std::size_t begin = 0;; begin += step) {
    found.push_back({begin, std::min(begin + max_length, length)});
    if (found.back().end == length) {
      return found;
    }
  }
}

std::vector<Span> windows_from_right(std::size_t length,
                                     std::size_t max_length,
                                     std::size_t step) {
  std::vector<Span> found;
  for (std::size_t end = length;; end -= step) {
    found.push_back({end > max_length ? end - max_length : 0, end});
    if (found.back().begin == 0) {
      return found;
    }
  }
}

}  // namespace

PartLengths truncated_lengths(PartLengths lengths,
                              bool is_pair,
                              std::size_t budget,
                              TruncationStrategy strategy) {
  const auto [first, second] = lengths;
  const std::size_t total = first + second;
  if (total <= budget || strategy == TruncationStrategy::kDoNotTruncate) {
    return lengths;
  }
  if (budget == 0) {
    return {0, 0};
  }
  if (strategy == TruncationStrategy::kLongestFirst) {
    return is_pair ? truncate_longest_first(lengths, budget)
                   : PartLengths{budget, 0};
  }
  if (strategy == TruncationStrategy::kOnlyFirst) {
    return {cut_only(first, total - budget, "first"), second};
  }
  if (!is_pair) {
    fail("truncation only_second: expected a pair of texts, found one text");
  }
  return {first, cut_only(second, total - budget, "second")};
}

std::vector<Span> windows(std::size_t length,
                          std::size_t max_length,
                          std::size_t stride,
                          TruncationDirection direction) {
  if (length <= max_length) {
    return {{0, length}};
  }
  if (max_length == 0) {
    return {{0, 0}, {0, length}};
  }
  if (stride >= max_length) {
    fail("truncation: stride {} must be less than the {} tokens that are left",
         stride, max_length);
  }
  const std::size_t step = max_length - stride;
  return direction == TruncationDirection::kRight
             ? windows_from_left(length, max_length, step)
             : windows_from_right(length, max_length, step);
}

}  // namespace distilbert
