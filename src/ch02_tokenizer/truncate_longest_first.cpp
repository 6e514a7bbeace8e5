#include <algorithm>
#include <cstddef>

#include "ch02_tokenizer/truncation.hpp"

namespace distilbert {

// --8<-- [start:truncate_longest_first]
PartLengths truncate_longest_first(PartLengths lengths, std::size_t budget) {
  const auto [first, second] = lengths;
  if (first + second <= budget) {
    return lengths;
  }
  // --8<-- [start:longest_first_rule]
  const std::size_t half = budget / 2;
  if (std::min(first, second) <= half) {  // the shorter one stays whole
    return first <= second ? PartLengths{first, budget - first}
                           : PartLengths{budget - second, second};
  }
  return first <= second ? PartLengths{half, budget - half}
                         : PartLengths{budget - half, half};
  // --8<-- [end:longest_first_rule]
}

// --8<-- [end:truncate_longest_first]

}  // namespace distilbert
