#pragma once

#include <filesystem>

namespace distilbert {

/// The name under which a file is written before it is whole: beside the final
/// name, since a rename must not leave the file system. Several numbers, since
/// a process that was killed leaves its temporary file behind.
std::filesystem::path temporary_name(const std::filesystem::path& final_name,
                                     int number);

/// Removes the temporary files that killed runs left in a folder, which the
/// caller must have for itself (FolderLock). Returns how many there were.
/// Throws Error where one can't be removed.
int remove_temporary_files(const std::filesystem::path& folder);

}  // namespace distilbert
