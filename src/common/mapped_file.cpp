#include "common/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

#include "common/error.hpp"

namespace distilbert {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail_to_read(const std::filesystem::path& path) {
  fail("{}: can't be read: {}", path.string(),
       std::generic_category().message(errno));
}

std::size_t size_of_regular_file(const Descriptor& file,
                                 const std::filesystem::path& path) {
  struct stat status = {};
  if (::fstat(file.number(), &status) != 0) {
    fail_to_read(path);
  }
  if (!S_ISREG(status.st_mode)) {
    fail("{}: expected a file, found {}", path.string(),
         S_ISDIR(status.st_mode) ? "a folder" : "no regular file");
  }
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

std::shared_ptr<MappedFile> MappedFile::open(
    const std::filesystem::path& path) {
  // Without O_NONBLOCK the call would wait for the other end of a named pipe.
  const Descriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) {
    fail_to_read(path);
  }
  const std::size_t size = size_of_regular_file(file, path);
  if (size == 0) {
    return std::shared_ptr<MappedFile>(new MappedFile({}));
  }
  void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
                       file.number(), 0);
  if (start == MAP_FAILED) {
    fail_to_read(path);
  }
  return std::shared_ptr<MappedFile>(
      new MappedFile({static_cast<std::byte*>(start), size}));
}

std::string_view MappedFile::text() const {
  // A file's bytes may be looked at as char.
  return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

void MappedFile::drop_pages() {
  if (!bytes_.empty()) {
    ::madvise(bytes_.data(), bytes_.size(), MADV_DONTNEED);
  }
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) {
    ::munmap(bytes_.data(), bytes_.size());
  }
}

}  // namespace distilbert
