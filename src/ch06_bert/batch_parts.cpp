#include "ch06_bert/batch_parts.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>

#include "common/threads.hpp"

namespace distilbert {
namespace {

// A row of a base model's widest activation takes 12 KiB, and a core's second
// cache holds a megabyte or two.
constexpr std::size_t kTokens = 160;

// The numbers of texts from the longest to the shortest.
std::vector<std::size_t> longest_first(std::span<const Encoding> texts) {
  std::vector<std::size_t> numbers(texts.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  std::ranges::stable_sort(
      numbers, std::ranges::greater{},
      [&](std::size_t text) { return texts[text].size(); });
  return numbers;
}

}  // namespace

std::vector<BatchPart> deal_into_parts(std::span<const Encoding> texts,
                                       std::size_t threads) {
  std::size_t all_tokens = 0;
  for (const Encoding& text : texts) {
    all_tokens += text.size();
  }
  const std::size_t at_once = kTokens * threads;
  const std::size_t wanted = (all_tokens + at_once - 1) / at_once * threads;
  std::vector<BatchPart> parts(
      std::max(std::min(wanted, texts.size()), std::size_t{1}));
  // Tokens so far, and the part's number; the part with the fewest is on top.
  using Filled = std::pair<std::size_t, std::size_t>;
  std::priority_queue<Filled, std::vector<Filled>, std::greater<>> emptiest;
  for (std::size_t number = 0; number < parts.size(); ++number) {
    emptiest.emplace(0, number);
  }
  // --8<-- [start:deal_longest_first]
  for (const std::size_t text : longest_first(texts)) {
    const auto [tokens, number] = emptiest.top();
    emptiest.pop();
    parts[number].push_back(text);
    emptiest.emplace(tokens + texts[text].size(), number);
  }
  // --8<-- [end:deal_longest_first]
  std::erase_if(parts, [](const BatchPart& part) { return part.empty(); });
  return parts;
}

void for_each_part(std::span<const Encoding> texts,
                   const std::function<void(const BatchPart&)>& work) {
  // --8<-- [start:for_each_part]
  const auto parts = deal_into_parts(texts, thread_count());
  parallel_for(parts.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t number = begin; number < end; ++number) {
      work(parts[number]);
    }
  });
  // --8<-- [end:for_each_part]
}

}  // namespace distilbert
