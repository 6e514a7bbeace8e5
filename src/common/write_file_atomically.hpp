#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

#include "common/file_calls.hpp"

namespace distilbert {

/// Takes the next bytes of a file.
using WriteBytes = std::function<void(std::span<const std::byte>)>;

/// Writes a file's content, from its first byte to its last, by calling what it
/// is given as often as it likes; so nobody needs the whole content in memory.
using WriteContent = std::function<void(const WriteBytes&)>;

/// Writes a file so that its name never holds half of it: whatever happens, a
/// power cut included, the name holds what it held before or all of the new
/// content, and once this function has returned, the new content.
///
/// The content goes to a temporary file beside the final name, is synchronised
/// with the disk, and only then takes the final name; last, the folder that
/// holds the name is synchronised. When a step fails, the temporary file is
/// removed and Error names path and reason; what `write_content` throws passes
/// through.
void write_file_atomically(const std::filesystem::path& path,
                           const WriteContent& write_content,
                           FileCalls& calls = operating_system());

/// The same for a content at hand.
void write_file_atomically(const std::filesystem::path& path,
                           std::string_view content,
                           FileCalls& calls = operating_system());

}  // namespace distilbert
