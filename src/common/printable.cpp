#include "common/printable.hpp"

#include <fmt/core.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace distilbert {

namespace {

bool continues_a_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::string_view cut(std::string_view text, std::size_t longest) {
  while (longest > 0 && continues_a_character(text[longest])) {
    --longest;
  }
  return text.substr(0, longest);
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  const bool too_long = text.size() > longest;
  std::string result;
  for (const char byte : too_long ? cut(text, longest) : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code == 0x7F) {
      result += fmt::format("\\x{:02x}", code);
    } else {
      result += byte;
    }
  }
  return too_long ? result + "..." : result;
}

}  // namespace distilbert
