#pragma once

#include <filesystem>

namespace distilbert {

/// Keeps an output folder for one process, as long as the object lives. The
/// lock is the operating system's (flock on the folder itself): it leaves no
/// file behind and ends with the process, however that ends.
class FolderLock {
 public:
  /// Makes the folder where there is none, and locks it. Throws Error where it
  /// can't be made or written to, or where another process has the lock.
  explicit FolderLock(const std::filesystem::path& folder);

  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int handle_ = -1;
};

}  // namespace distilbert
