#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace distilbert {

/// A short name for a text's content, so that a change of it is noticed: FNV-1a
/// of 64 bits, in hexadecimal. It is no protection against someone who wants
/// two texts to share one.
[[nodiscard]] std::string fingerprint(std::string_view text);

/// The same of a file's bytes. Throws Error where it can't be read.
[[nodiscard]] std::string fingerprint_of_file(
    const std::filesystem::path& file);

}  // namespace distilbert
