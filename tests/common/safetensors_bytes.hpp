#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// The bytes of a safetensors file put together from a header's text and data,
/// however wrong. `length` is what the file claims of its header.
inline std::string safetensors_bytes(std::string_view header,
                                     std::string_view data,
                                     std::uint64_t length) {
  std::string bytes(sizeof(length), '\0');
  std::memcpy(bytes.data(), &length, sizeof(length));
  bytes += header;
  bytes += data;
  return bytes;
}

inline std::string safetensors_bytes(std::string_view header,
                                     std::string_view data = "") {
  return safetensors_bytes(header, data, header.size());
}
