#pragma once

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>

namespace glue_test {

/// A folder of its own for a test, removed with all it holds.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("distilbert-glue-" + std::to_string(getpid()) + "-" +
             std::to_string(++count));
    std::filesystem::create_directories(path_);
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  /// Writes a file in the folder, folders above it included.
  [[nodiscard]] std::filesystem::path write(const std::string& name,
                                            std::string_view content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What `call` throws as an Exception; "nothing was thrown" if nothing.
template <class Exception, class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const Exception& exception) {
    return exception.what();
  }
  return "nothing was thrown";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline std::filesystem::path source_folder() {
  return DISTILBERT_SOURCE_DIR;
}

/// A golden of this chapter.
inline nlohmann::json read_golden(const std::string& name) {
  std::ifstream file(source_folder() / "tests/golden/glue" / name);
  return nlohmann::json::parse(file);
}

/// The folder of the real data sets, which may not be there.
inline std::filesystem::path data_folder() {
  const char* given = std::getenv("DISTILBERT_DATA");
  return given != nullptr ? std::filesystem::path(given)
                          : source_folder().parent_path() / "shared/data";
}

constexpr std::uint64_t kFnv1aStart = 0xCBF29CE484222325U;

/// The 64-bit FNV-1a hash of all bytes so far.
inline std::uint64_t fnv1a(std::string_view bytes, std::uint64_t state) {
  for (const char c : bytes) {
    state ^= static_cast<unsigned char>(c);
    state *= 0x100000001B3U;
  }
  return state;
}

/// The SplitMix64 sequence, as in tests/golden/generate_glue.py.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

}  // namespace glue_test
