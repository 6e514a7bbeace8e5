#include "ch02_tokenizer/special_tokens.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/error.hpp"

namespace distilbert {

void SpecialTokens::add(std::u32string token, std::int32_t id) {
  require(!token.empty(), "a special token must not be empty");
  const auto longer_or_equal = [&](const Token& known) {
    return known.text.size() >= token.size();
  };
  const auto place =
      std::find_if_not(tokens_.begin(), tokens_.end(), longer_or_equal);
  const auto same =
      std::find_if(tokens_.begin(), place,
                   [&](const Token& known) { return known.text == token; });
  if (same != place) {
    return;
  }
  if (first_characters_.find(token.front()) == std::u32string::npos) {
    first_characters_ += token.front();
  }
  tokens_.insert(place, {std::move(token), id});
}

std::optional<SpecialTokens::Match> SpecialTokens::find(
    std::u32string_view text, std::size_t from) const {
  std::size_t begin = text.find_first_of(first_characters_, from);
  while (begin != std::u32string_view::npos) {
    const std::u32string_view rest = text.substr(begin);
    for (const Token& token : tokens_) {
      if (rest.starts_with(token.text)) {
        return Match{token.id, begin, begin + token.text.size()};
      }
    }
    begin = text.find_first_of(first_characters_, begin + 1);
  }
  return std::nullopt;
}

bool SpecialTokens::contains(std::int32_t id) const {
  return std::any_of(tokens_.begin(), tokens_.end(),
                     [&](const Token& token) { return token.id == id; });
}

}  // namespace distilbert
