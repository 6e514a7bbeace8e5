#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace distilbert {

/// What is asked of the disk when a file is written. The default asks the
/// operating system; a test puts a disk in its place that forgets what wasn't
/// synchronised, or that is full. Every call throws std::system_error with the
/// reason when it fails.
class FileCalls {
 public:
  FileCalls() = default;
  FileCalls(const FileCalls&) = delete;
  FileCalls& operator=(const FileCalls&) = delete;
  virtual ~FileCalls() = default;

  /// Creates a file for writing and returns its handle. A file that is there
  /// already is an error (std::errc::file_exists).
  virtual int create(const std::filesystem::path& path) = 0;

  /// Writes some of the bytes, at least one, and returns how many.
  virtual std::size_t write(int file, std::span<const std::byte> bytes) = 0;

  /// Returns when all that was written to the file survives a power cut.
  virtual void synchronise(int file) = 0;

  /// Closes the handle, also where it throws.
  virtual void close(int file) = 0;

  /// Gives a file another name; a file of that name is replaced.
  virtual void rename(const std::filesystem::path& from,
                      const std::filesystem::path& to) = 0;

  /// Returns when the names in the folder survive a power cut.
  virtual void synchronise_folder(const std::filesystem::path& folder) = 0;

  /// Removes a file.
  virtual void remove(const std::filesystem::path& path) = 0;
};

/// The calls of the operating system. It holds no state.
FileCalls& operating_system();

}  // namespace distilbert
