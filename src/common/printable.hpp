#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace distilbert {

/// A name or a value from a file in the form in which an error message may
/// show it: control characters become \xNN (a name with a line break or a
/// terminal's escape code stays one harmless line), and more than `longest`
/// bytes are cut, at a character's border, and end in "...".
std::string printable(std::string_view text, std::size_t longest = 120);

}  // namespace distilbert
