#pragma once

#include <cstddef>
#include <cstdint>

namespace distilbert {

/// A code point and its UTF-8 bytes as one number, the first byte lowest and
/// zeros behind the last one.
struct PackedCharacter {
  char32_t code_point;
  std::uint32_t bytes;
  std::size_t size;  ///< 1 to 4 bytes; 0: this is no UTF-8
};

/// The code point that four bytes of a text begin with. Where the text ends
/// earlier the bytes behind it must be zeros. As strict as decode_utf8.
constexpr PackedCharacter unpack_character(std::uint32_t bytes) {
  constexpr PackedCharacter kInvalid{0, 0, 0};
  const std::uint32_t first = bytes & 0xFFU;
  const auto low_six = [bytes](unsigned index) -> char32_t {
    return (bytes >> (8 * index)) & 0x3FU;
  };
  if (first < 0x80) {
    return {first, first, 1};
  }
  if ((bytes & 0xC0E0U) == 0x80C0) {
    const char32_t c = (first & 0x1FU) << 6U | low_six(1);
    return c < 0x80 ? kInvalid : PackedCharacter{c, bytes & 0xFFFFU, 2};
  }
  if ((bytes & 0xC0C0F0U) == 0x8080E0) {
    const char32_t c = (first & 0x0FU) << 12U | low_six(1) << 6U | low_six(2);
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    return c < 0x800 || surrogate ? kInvalid
                                  : PackedCharacter{c, bytes & 0xFFFFFFU, 3};
  }
  if ((bytes & 0xC0C0C0F8U) == 0x808080F0) {
    const char32_t c = (first & 0x07U) << 18U | low_six(1) << 12U |
                       low_six(2) << 6U | low_six(3);
    return c < 0x10000 || c > 0x10FFFF ? kInvalid
                                       : PackedCharacter{c, bytes, 4};
  }
  return kInvalid;
}

/// A code point with its bytes; no surrogate, and at most U+10FFFF.
constexpr PackedCharacter pack_character(char32_t c) {
  // Byte `index` of a code point that takes `size` bytes, but for the lead's
  // mark.
  const auto byte = [c](unsigned index, unsigned size) -> std::uint32_t {
    const unsigned shift = 6 * (size - 1 - index);
    const std::uint32_t mark = index == 0 ? 0 : 0x80;
    const std::uint32_t mask = index == 0 ? 0xFFU : 0x3FU;
    return (mark | ((c >> shift) & mask)) << (8 * index);
  };
  if (c < 0x80) {
    return {c, c, 1};
  }
  if (c < 0x800) {
    return {c, 0xC0U | byte(0, 2) | byte(1, 2), 2};
  }
  if (c < 0x10000) {
    return {c, 0xE0U | byte(0, 3) | byte(1, 3) | byte(2, 3), 3};
  }
  return {c, 0xF0U | byte(0, 4) | byte(1, 4) | byte(2, 4) | byte(3, 4), 4};
}

}  // namespace distilbert
