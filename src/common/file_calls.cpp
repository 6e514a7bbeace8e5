#include "common/file_calls.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <system_error>

namespace distilbert {

namespace {

[[noreturn]] void throw_last_error() {
  throw std::system_error(errno, std::generic_category());
}

// A signal may interrupt a call before it did anything; it is then repeated.
template <class Call>
auto repeat_when_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  if (result < 0) {
    throw_last_error();
  }
  return result;
}

class OperatingSystem final : public FileCalls {
 public:
  int create(const std::filesystem::path& path) override {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    constexpr mode_t kReadAndWrite = 0666;  // less the user's umask
    return repeat_when_interrupted(
        [&] { return ::open(path.c_str(), kFlags, kReadAndWrite); });
  }

  std::size_t write(int file, std::span<const std::byte> bytes) override {
    return static_cast<std::size_t>(repeat_when_interrupted(
        [&] { return ::write(file, bytes.data(), bytes.size()); }));
  }

  void synchronise(int file) override {
    repeat_when_interrupted([&] { return ::fsync(file); });
  }

  void close(int file) override {
    // After EINTR the handle is closed nevertheless, and may be another's.
    if (::close(file) != 0 && errno != EINTR) {
      throw_last_error();
    }
  }

  void rename(const std::filesystem::path& from,
              const std::filesystem::path& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) {
      throw_last_error();
    }
  }

  void synchronise_folder(const std::filesystem::path& folder) override {
    const int handle = repeat_when_interrupted([&] {
      return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    });
    try {
      synchronise(handle);
    } catch (const std::system_error& error) {
      ::close(handle);
      // Some file systems have nothing to synchronise for a folder.
      if (error.code() != std::errc::invalid_argument) {
        throw;
      }
      return;
    }
    close(handle);
  }

  void remove(const std::filesystem::path& path) override {
    if (::unlink(path.c_str()) != 0) {
      throw_last_error();
    }
  }
};

}  // namespace

FileCalls& operating_system() {
  static OperatingSystem calls;
  return calls;
}

}  // namespace distilbert
