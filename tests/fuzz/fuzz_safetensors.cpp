// Any bytes at all are given to the reader of safetensors headers. It may
// refuse them with Error, and what it accepts must hold: each tensor lies in
// the file and is as large as its shape and dtype say.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "common/convert_values.hpp"
#include "common/error.hpp"
#include "common/safetensors_header.hpp"
#include "common/tensor_dtype.hpp"

namespace {

void hold(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void read_values(std::span<const std::byte> file,
                 const distilbert::TensorInfo& tensor) {
  const auto bytes = file.subspan(tensor.begin, tensor.end - tensor.begin);
  const std::size_t count = distilbert::element_count(tensor.shape);
  hold(count * distilbert::dtype_size(tensor.dtype) == bytes.size());
  if (distilbert::is_convertible<float>(tensor.dtype)) {
    std::vector<float> values(count);
    distilbert::convert_values<float>(bytes, tensor.dtype, values);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  try {
    const auto header = distilbert::parse_safetensors_header(file, "fuzz");
    std::size_t covered = 0;
    for (const auto& tensor : header.tensors) {
      hold(tensor.begin <= tensor.end && tensor.end <= size);
      covered += tensor.end - tensor.begin;
      read_values(file, tensor);
    }
    hold(covered < size);
  } catch (const distilbert::Error&) {
    // A refusal is a good answer.
  }
  return 0;
}
