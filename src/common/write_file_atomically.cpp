#include "common/write_file_atomically.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>

#include "common/error.hpp"
#include "common/file_calls.hpp"
#include "common/temporary_file.hpp"

namespace distilbert {

namespace {

template <class Call>
bool succeeds(Call call) {
  try {
    call();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

// A temporary file that is closed, and removed unless it took its final name.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& final_name, FileCalls& calls)
      : calls_(calls) {
    constexpr int kMostNumbers = 1000;
    for (int number = 0; handle_ < 0; ++number) {
      try {
        path_ = temporary_name(final_name, number);
        handle_ = calls_.create(path_);
      } catch (const std::system_error& error) {
        if (error.code() != std::errc::file_exists || number >= kMostNumbers) {
          throw;
        }
      }
    }
  }

  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  ~TemporaryFile() {
    // Where this fails too, the failure that led here is the one to report, and
    // a temporary file that stays harms nobody.
    succeeds([this] { close(); });
    if (!has_final_name_) {
      succeeds([this] { calls_.remove(path_); });
    }
  }

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      bytes = bytes.subspan(calls_.write(handle_, bytes));
    }
  }

  void synchronise() { calls_.synchronise(handle_); }

  void close() {
    if (handle_ >= 0) {
      const int handle = handle_;
      handle_ = -1;
      calls_.close(handle);
    }
  }

  void rename(const std::filesystem::path& final_name) {
    calls_.rename(path_, final_name);
    has_final_name_ = true;
  }

 private:
  FileCalls& calls_;
  std::filesystem::path path_;
  int handle_ = -1;
  bool has_final_name_ = false;
};

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

// A rename fails on a folder, but would replace a device such as /dev/null.
void require_replaceable(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_other(path, ignored)) {
    fail("{}: can't be written: it is no regular file", path.string());
  }
}

}  // namespace

void write_file_atomically(const std::filesystem::path& path,
                           const WriteContent& write_content,
                           FileCalls& calls) {
  require_replaceable(path);
  try {
    TemporaryFile file(path, calls);
    write_content(
        [&file](std::span<const std::byte> bytes) { file.write(bytes); });
    file.synchronise();
    file.close();
    file.rename(path);
    calls.synchronise_folder(folder_of(path));
  } catch (const std::system_error& error) {
    fail("{}: can't be written: {}", path.string(), error.code().message());
  }
}

void write_file_atomically(const std::filesystem::path& path,
                           std::string_view content,
                           FileCalls& calls) {
  const auto write_all = [content](const WriteBytes& write) {
    write(std::as_bytes(std::span(content)));
  };
  write_file_atomically(path, write_all, calls);
}

}  // namespace distilbert
