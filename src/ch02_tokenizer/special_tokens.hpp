#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace distilbert {

/// Finds special tokens that stand literally in a raw text, as in "a[MASK]b".
/// Reference behaviour: added tokens that are not normalised.
class SpecialTokens {
 public:
  /// A special token at [begin, end) of a text.
  struct Match {
    std::int32_t id;
    std::size_t begin;
    std::size_t end;
  };

  /// Adds a token, which must not be empty. One that is known stays as it is.
  void add(std::u32string token, std::int32_t id);

  /// The first match at or after `from`; of several that begin there, the
  /// longest. Upper and lower case differ. Positions are code points.
  [[nodiscard]] std::optional<Match> find(std::u32string_view text,
                                          std::size_t from) const;

  /// The same in a UTF-8 text; positions are bytes.
  [[nodiscard]] std::optional<Match> find(std::string_view text,
                                          std::size_t from) const;

  /// True where an id is a special token's.
  [[nodiscard]] bool contains(std::int32_t id) const;

 private:
  struct Token {
    std::u32string text;
    std::string utf8;
    std::int32_t id;
  };

  // `firsts` holds the first characters of the tokens in the given form.
  template <class Character>
  [[nodiscard]] std::optional<Match> find(
      std::basic_string_view<Character> text,
      std::size_t from,
      const std::basic_string<Character>& firsts,
      std::basic_string<Character> Token::* form) const;

  std::vector<Token> tokens_;  // longest first
  std::u32string first_characters_;
  std::string first_bytes_;
};

}  // namespace distilbert
