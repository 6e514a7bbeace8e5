#include "ch02_tokenizer/special_tokens.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/error.hpp"
#include "common/utf8.hpp"

namespace distilbert {
namespace {

template <class Character>
void add_if_new(Character c, std::basic_string<Character>& set) {
  if (set.find(c) == std::basic_string<Character>::npos) {
    set += c;
  }
}

/// The first character at or after `from` that is in `set`.
template <class Character>
std::size_t find_one_of(const std::basic_string<Character>& set,
                        std::basic_string_view<Character> text,
                        std::size_t from) {
  // In most models all special tokens begin with "[", and looking for a single
  // character is many times as fast.
  return set.size() == 1 ? text.find(set.front(), from)
                         : text.find_first_of(set, from);
}

}  // namespace

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
  std::string utf8 = encode_utf8(token);
  add_if_new(token.front(), first_characters_);
  add_if_new(utf8.front(), first_bytes_);
  tokens_.insert(place, {std::move(token), std::move(utf8), id});
}

std::optional<SpecialTokens::Match> SpecialTokens::find(
    std::u32string_view text, std::size_t from) const {
  return find(text, from, first_characters_, &Token::text);
}

std::optional<SpecialTokens::Match> SpecialTokens::find(
    std::string_view text, std::size_t from) const {
  return find(text, from, first_bytes_, &Token::utf8);
}

// Of two tokens that both begin at one place the longer one is the longer in
// bytes, too, so that the order of `tokens_` serves both forms.
template <class Character>
std::optional<SpecialTokens::Match> SpecialTokens::find(
    std::basic_string_view<Character> text,
    std::size_t from,
    const std::basic_string<Character>& firsts,
    std::basic_string<Character> Token::* form) const {
  std::size_t begin = find_one_of(firsts, text, from);
  while (begin != std::basic_string_view<Character>::npos) {
    for (const Token& token : tokens_) {
      if (text.substr(begin).starts_with(token.*form)) {
        return Match{token.id, begin, begin + (token.*form).size()};
      }
    }
    begin = find_one_of(firsts, text, begin + 1);
  }
  return std::nullopt;
}

bool SpecialTokens::contains(std::int32_t id) const {
  return std::any_of(tokens_.begin(), tokens_.end(),
                     [&](const Token& token) { return token.id == id; });
}

}  // namespace distilbert
