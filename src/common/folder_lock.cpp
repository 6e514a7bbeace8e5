#include "common/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "common/error.hpp"

namespace distilbert {

namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    fail("{}: can't be made: {}", folder.string(), error.message());
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    fail("{}: can't be written to: {}", folder.string(), reason(errno));
  }
  handle_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle_ < 0) {
    fail("{}: can't be opened: {}", folder.string(), reason(errno));
  }
  if (::flock(handle_, LOCK_EX | LOCK_NB) != 0) {
    const int cause = errno;
    ::close(handle_);
    if (cause == EWOULDBLOCK) {
      fail("{}: expected a folder that no other run uses, found one at work",
           folder.string());
    }
    fail("{}: can't be locked: {}", folder.string(), reason(cause));
  }
}

FolderLock::~FolderLock() {
  ::close(handle_);
}

}  // namespace distilbert
