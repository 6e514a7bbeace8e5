#include "common/safetensors_header.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "common/error.hpp"
#include "common/printable.hpp"
#include "common/safetensors_header_json.hpp"
#include "common/tensor_dtype.hpp"

namespace distilbert {

namespace {

constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);
constexpr std::uint64_t kLongestHeader = 100'000'000;

std::size_t header_length(std::span<const std::byte> file,
                          const std::string& name) {
  if (file.size() < kLengthBytes) {
    fail("{}: expected a safetensors file, found {} bytes", name, file.size());
  }
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), kLengthBytes);
  const std::uint64_t rest = file.size() - kLengthBytes;
  if (length > std::min(rest, kLongestHeader)) {
    fail(
        "{}: expected a header of at most {} bytes, found a length of {} "
        "(not a safetensors file, or cut short?)",
        name, std::min(rest, kLongestHeader), length);
  }
  return length;
}

// Bytes of a tensor, nothing where the number doesn't fit.
std::optional<std::size_t> byte_count(const TensorInfo& tensor) {
  std::size_t count = 1;
  for (const std::size_t size : tensor.shape) {
    if (size != 0 && count > std::numeric_limits<std::size_t>::max() / size) {
      return std::nullopt;
    }
    count *= size;
  }
  const std::size_t size = dtype_size(tensor.dtype);
  if (count > std::numeric_limits<std::size_t>::max() / size) {
    return std::nullopt;
  }
  return count * size;
}

void check_size(const TensorInfo& tensor, const std::string& name) {
  if (tensor.begin > tensor.end) {
    fail(
        "{}: tensor \"{}\": expected data_offsets [begin, end], found "
        "[{}, {}]",
        name, printable(tensor.name), tensor.begin, tensor.end);
  }
  const auto expected = byte_count(tensor);
  if (!expected || *expected != tensor.end - tensor.begin) {
    fail("{}: tensor \"{}\": expected {} bytes for {} {}, found {}", name,
         printable(tensor.name),
         expected ? fmt::format("{}", *expected) : "2^64 or more",
         dtype_name(tensor.dtype), describe_shape(tensor.shape),
         tensor.end - tensor.begin);
  }
}

// Each tensor begins where the one before it ends, and the last ends the file.
void check_cover(const std::vector<TensorInfo>& tensors,
                 std::size_t data_size,
                 const std::string& name) {
  std::size_t expected = 0;
  for (const TensorInfo& tensor : tensors) {
    if (tensor.begin != expected) {
      fail(
          "{}: tensor \"{}\": expected its bytes to begin at {}, found {} (a "
          "gap or an overlap)",
          name, printable(tensor.name), expected, tensor.begin);
    }
    expected = tensor.end;
  }
  if (expected != data_size) {
    fail("{}: expected {} bytes of tensors after the header, found {}", name,
         expected, data_size);
  }
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::span<const std::byte> file,
                                           const std::string& name) {
  const std::size_t length = header_length(file, name);
  const auto* text = reinterpret_cast<const char*>(file.data() + kLengthBytes);
  auto header = parse_safetensors_header_json({text, length}, name);
  std::sort(header.tensors.begin(), header.tensors.end(),
            [](const TensorInfo& a, const TensorInfo& b) {
              return std::tie(a.begin, a.end, a.name) <
                     std::tie(b.begin, b.end, b.name);
            });
  for (const TensorInfo& tensor : header.tensors) {
    check_size(tensor, name);
  }
  const std::size_t data_begin = kLengthBytes + length;
  check_cover(header.tensors, file.size() - data_begin, name);
  for (TensorInfo& tensor : header.tensors) {
    tensor.begin += data_begin;
    tensor.end += data_begin;
  }
  return header;
}

std::size_t element_count(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t size : shape) {
    count *= size;
  }
  return count;
}

std::string describe_shape(const std::vector<std::size_t>& shape) {
  std::string result = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    result += fmt::format("{}{}", i == 0 ? "" : ", ", shape[i]);
  }
  return result + "]";
}

}  // namespace distilbert
