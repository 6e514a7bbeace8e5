#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace distilbert {

/// A whole file as memory. Pages are read when they are first touched, and a
/// page that is written becomes a private copy: the file itself never changes,
/// so that weights can be trained where they were mapped.
///
/// The file must not shrink while it is mapped: the operating system ends a
/// process that touches a page past the end (files that are replaced by a
/// rename, as write_file_atomically does, are safe).
class MappedFile {
 public:
  /// Maps a file; an empty file is an empty span. Throws Error where it can't
  /// be opened or isn't a regular file.
  static std::shared_ptr<MappedFile> open(const std::filesystem::path& path);

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// All bytes of the file. Valid as long as this object lives.
  [[nodiscard]] std::span<std::byte> bytes() { return bytes_; }

  /// The same, to read.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

  /// The same bytes as text, in whatever encoding. Valid as long as this object
  /// lives.
  [[nodiscard]] std::string_view text() const;

  /// Gives all pages back to the system, which reads them again when they are
  /// next touched. What was written to them is lost.
  void drop_pages();

 private:
  explicit MappedFile(std::span<std::byte> bytes) : bytes_(bytes) {}

  std::span<std::byte> bytes_;
};

}  // namespace distilbert
