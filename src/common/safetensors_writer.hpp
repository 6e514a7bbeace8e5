#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/file_calls.hpp"
#include "common/tensor_dtype.hpp"

namespace distilbert {

/// A tensor on its way into a file. The bytes are the caller's, and must stay
/// until the file is written.
struct TensorToWrite {
  std::string name;
  Dtype dtype = Dtype::kF32;
  /// Sizes of the dimensions; empty for a scalar.
  std::vector<std::size_t> shape;
  std::span<const std::byte> bytes;
};

/// A tensor of values of type T (see dtype_of).
template <class T>
TensorToWrite tensor_to_write(std::string name,
                              std::vector<std::size_t> shape,
                              std::span<const T> values) {
  return {std::move(name), dtype_of<T>(), std::move(shape),
          std::as_bytes(values)};
}

/// Metadata that transformers asks of a checkpoint before it opens it.
std::map<std::string, std::string> checkpoint_metadata();

/// Writes a safetensors file through write_file_atomically, without a second
/// copy of the tensors in memory. Tensors stand in the given order, those of
/// wider elements first, so that each is aligned (the header is filled up with
/// spaces to a multiple of 8 bytes): the same input is the same file, byte for
/// byte. Names must differ, and bytes must be as many as shape and dtype say.
/// Throws Error where the file can't be written.
void write_safetensors(const std::filesystem::path& path,
                       std::vector<TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata = {},
                       FileCalls& calls = operating_system());

}  // namespace distilbert
