#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ch02_tokenizer/tokenizer.hpp"

namespace distilbert {
namespace {

void replace_all(std::string_view from,
                 std::string_view to,
                 std::string& text) {
  std::size_t at = text.find(from);
  while (at != std::string::npos) {
    text.replace(at, from.size(), to);
    at = text.find(from, at + to.size());
  }
}

/// Undoes what tokenizing does to English punctuation. The reference does it
/// to each token on its own, in this order.
void clean_up(std::string& text) {
  struct Replacement {
    std::string_view from;
    std::string_view to;
  };

  static constexpr Replacement kReplacements[] = {
      {" .", "."},   {" ?", "?"},     {" !", "!"},     {" ,", ","},
      {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},   {" do not", " don't"},
      {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  for (const Replacement& replacement : kReplacements) {
    replace_all(replacement.from, replacement.to, text);
  }
}

}  // namespace

// --8<-- [start:decode]
std::string Tokenizer::decode(std::span<const std::int32_t> ids,
                              bool skip_special_tokens) const {
  std::string text;
  bool is_first = true;
  for (const std::int32_t id : ids) {
    if (skip_special_tokens && special_tokens_.contains(id)) {
      continue;
    }
    // --8<-- [start:join]
    const std::string_view found = token(id);
    const bool continues = !is_first && found.starts_with("##");
    std::string piece = is_first || continues ? "" : " ";
    piece += found.substr(continues ? 2 : 0);
    clean_up(piece);
    text += piece;
    // --8<-- [end:join]
    is_first = false;
  }
  return text;
}

// --8<-- [end:decode]

}  // namespace distilbert
