#include "common/fingerprint.hpp"

#include <fmt/core.h>

#include <cstdint>

#include "common/mapped_file.hpp"

namespace distilbert {

std::string fingerprint(std::string_view text) {
  std::uint64_t state = 0xCBF29CE484222325U;
  for (const char c : text) {
    state ^= static_cast<unsigned char>(c);
    state *= 0x100000001B3U;
  }
  return fmt::format("{:016x}", state);
}

std::string fingerprint_of_file(const std::filesystem::path& file) {
  return fingerprint(MappedFile::open(file)->text());
}

}  // namespace distilbert
