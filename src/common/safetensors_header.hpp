#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/tensor_dtype.hpp"

namespace distilbert {

/// A tensor as a safetensors header describes it.
struct TensorInfo {
  std::string name;
  Dtype dtype = Dtype::kF32;
  /// Sizes of the dimensions; empty for a scalar.
  std::vector<std::size_t> shape;
  /// The tensor's bytes are [begin, end) of the file.
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What the header of a safetensors file says.
struct SafetensorsHeader {
  /// In the order of their bytes in the file.
  std::vector<TensorInfo> tensors;
  /// The texts of "__metadata__".
  std::map<std::string, std::string> metadata;
};

/// Reads and checks the header of a safetensors file from all its bytes: its
/// length (8 bytes, at most 100,000,000), the JSON, and that the tensors cover
/// the rest of the file without gap or overlap, each with as many bytes as its
/// shape and dtype ask for. The rules are those of safetensors 0.8.0, and a
/// name twice is refused too. Memory is bounded by the header's length. Throws
/// Error with `name` (of the file) and the tensor.
SafetensorsHeader parse_safetensors_header(std::span<const std::byte> file,
                                           const std::string& name);

/// The number of elements of a shape; 1 for a scalar.
std::size_t element_count(const std::vector<std::size_t>& shape);

/// A shape for messages: "[2, 384]".
std::string describe_shape(const std::vector<std::size_t>& shape);

}  // namespace distilbert
