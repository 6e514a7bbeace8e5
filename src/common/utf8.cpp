#include "common/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/error.hpp"

namespace distilbert {
namespace {

/// What the first byte of a code point promises: how many bytes follow, which
/// bits of the first one count, and the smallest value that needs that many.
struct LeadByte {
  std::size_t continuation_bytes;
  unsigned value_bits;
  char32_t smallest;
};

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

[[noreturn]] void refuse(std::string_view text,
                         std::size_t i,
                         const char* reason) {
  fail("the text isn't valid UTF-8: byte {} (0x{:02X}): {}", i,
       byte_at(text, i), reason);
}

LeadByte lead_byte(std::string_view text, std::size_t i) {
  const std::uint8_t byte = byte_at(text, i);
  if ((byte & 0xE0U) == 0xC0) {
    return {1, byte & 0x1FU, 0x80};
  }
  if ((byte & 0xF0U) == 0xE0) {
    return {2, byte & 0x0FU, 0x800};
  }
  if ((byte & 0xF8U) == 0xF0) {
    return {3, byte & 0x07U, 0x10000};
  }
  refuse(text, i, "no code point starts with it");
}

/// Decodes the code point of two or more bytes that starts at byte i.
char32_t decode_multibyte(std::string_view text, std::size_t i) {
  const LeadByte lead = lead_byte(text, i);
  char32_t value = lead.value_bits;
  for (std::size_t k = 1; k <= lead.continuation_bytes; ++k) {
    if (i + k >= text.size()) {
      refuse(text, i, "the text ends inside this code point");
    }
    const std::uint8_t byte = byte_at(text, i + k);
    if ((byte & 0xC0U) != 0x80) {
      refuse(text, i + k, "expected a continuation byte");
    }
    value = (value << 6) | (byte & 0x3FU);
  }
  if (value < lead.smallest) {
    refuse(text, i, "longer than the code point needs");
  }
  if (value >= 0xD800 && value <= 0xDFFF) {
    refuse(text, i, "a surrogate, which is no character");
  }
  if (value > 0x10FFFF) {
    refuse(text, i, "beyond U+10FFFF");
  }
  return value;
}

std::size_t encoded_size(char32_t code_point) {
  if (code_point < 0x80) {
    return 1;
  }
  if (code_point < 0x800) {
    return 2;
  }
  return code_point < 0x10000 ? 3 : 4;
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string code_points(text.size(), U'\0');
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t byte = byte_at(text, i);
    if (byte < 0x80) {
      code_points[count++] = byte;
      ++i;
    } else {
      const char32_t code_point = decode_multibyte(text, i);
      code_points[count++] = code_point;
      i += encoded_size(code_point);
    }
  }
  code_points.resize(count);
  return code_points;
}

void append_utf8(char32_t code_point, std::string& text) {
  require(
      code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF),
      "append_utf8: U+{:04X} is no character",
      static_cast<std::uint32_t>(code_point));
  const std::size_t size = encoded_size(code_point);
  if (size == 1) {
    text += static_cast<char>(code_point);
    return;
  }
  static constexpr unsigned kLeads[] = {0, 0, 0xC0, 0xE0, 0xF0};
  const std::size_t low_bits = 6 * (size - 1);
  text += static_cast<char>(kLeads[size] | (code_point >> low_bits));
  for (std::size_t shift = low_bits; shift > 0; shift -= 6) {
    text += static_cast<char>(0x80U | ((code_point >> (shift - 6)) & 0x3FU));
  }
}

std::string encode_utf8(std::u32string_view code_points) {
  std::string text;
  text.reserve(code_points.size());
  for (const char32_t code_point : code_points) {
    append_utf8(code_point, text);
  }
  return text;
}

}  // namespace distilbert
