#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace distilbert {

/// What a byte of a UTF-8 text means to the fast path.
enum class ByteKind : std::uint8_t {
  kOther,   ///< a control character, or a byte of a code point beyond ASCII
  kLetter,  ///< or digit: in ASCII, words are made of these and nothing else
  kSpace,
  kPunctuation,
};

/// One entry per byte.
template <class T>
using ByteTable = std::array<T, 256>;

/// The kind of each byte.
inline constexpr ByteTable<ByteKind> kByteKinds = [] {
  ByteTable<ByteKind> kinds{};
  for (std::size_t byte = '!'; byte <= '~'; ++byte) {
    kinds[byte] = ByteKind::kPunctuation;
  }
  for (std::size_t i = 0; i < 26; ++i) {
    kinds['A' + i] = kinds['a' + i] = ByteKind::kLetter;
  }
  for (std::size_t i = 0; i < 10; ++i) {
    kinds['0' + i] = ByteKind::kLetter;
  }
  for (const char space : {' ', '\t', '\n', '\r'}) {
    kinds[static_cast<std::size_t>(space)] = ByteKind::kSpace;
  }
  return kinds;
}();

/// The kind of a byte.
constexpr ByteKind byte_kind(char byte) {
  return kByteKinds[static_cast<unsigned char>(byte)];
}

/// Each letter and digit as it will stand in the word, 0 for other bytes.
constexpr ByteTable<char> make_letters(bool lowercase) {
  ByteTable<char> letters{};
  for (std::size_t byte = 0; byte < 128; ++byte) {
    const bool capital = byte >= 'A' && byte <= 'Z';
    if (kByteKinds[byte] == ByteKind::kLetter) {
      letters[byte] =
          static_cast<char>(capital && lowercase ? byte + 32 : byte);
    }
  }
  return letters;
}

inline constexpr ByteTable<char> kLetters = make_letters(/*lowercase=*/false);
inline constexpr ByteTable<char> kSmallLetters =
    make_letters(/*lowercase=*/true);

}  // namespace distilbert
