#pragma once

#include <string>
#include <string_view>

namespace distilbert {

/// The code points of a UTF-8 text. Strict, as the standard asks (Unicode 15,
/// table 3-7): overlong forms, surrogates, values above U+10FFFF, stray and
/// missing continuation bytes throw Error, which names the byte's offset.
std::u32string decode_utf8(std::string_view text);

/// Appends one code point to a UTF-8 text. It must be no surrogate and at most
/// U+10FFFF.
void append_utf8(char32_t code_point, std::string& text);

/// The UTF-8 text of some code points.
std::string encode_utf8(std::u32string_view code_points);

}  // namespace distilbert
