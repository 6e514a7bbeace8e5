#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/mapped_file.hpp"
#include "common/safetensors_header.hpp"
#include "common/tensor_dtype.hpp"

namespace distilbert {

/// An opened safetensors file. Opening reads and checks the header only; the
/// tensors stay on the disk until their bytes are touched. A copy shares the
/// mapping.
class SafetensorsFile {
 public:
  /// Opens a file. Throws Error where it can't be read or lies about itself
  /// (see parse_safetensors_header).
  static SafetensorsFile open(const std::filesystem::path& path);

  /// The file's path, for messages.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// All tensors in the order of their bytes in the file.
  [[nodiscard]] const std::vector<TensorInfo>& tensors() const& {
    return header_.tensors;
  }

  /// A loop over open(path).tensors() would walk a list that is gone.
  const std::vector<TensorInfo>& tensors() && = delete;

  /// The file's `__metadata__`; empty where it has none.
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const {
    return header_.metadata;
  }

  /// The tensor of a name, or nullptr.
  [[nodiscard]] const TensorInfo* find(std::string_view tensor) const;

  /// The tensor of a name. Throws Error where there is none.
  [[nodiscard]] const TensorInfo& info(std::string_view tensor) const;

  /// The bytes of one of this file's tensors. Valid as long as the mapping.
  [[nodiscard]] std::span<const std::byte> bytes(const TensorInfo& info) const;

  /// The values of a tensor, converted to T (float, double or std::int64_t; see
  /// is_convertible). `out` must have as many elements as the tensor. Throws
  /// Error where the dtype doesn't convert to T.
  template <class T>
  void copy_values(const TensorInfo& info, std::span<T> out) const;

  /// The same as a new vector.
  template <class T>
  [[nodiscard]] std::vector<T> read_values(std::string_view tensor) const;

  /// The values where they are mapped, without a copy, when their dtype is T's
  /// (float, double or std::int64_t) and their address suits T. They may be
  /// written, which changes this process's memory and never the file. Keep
  /// mapping() as long as they are used.
  template <class T>
  [[nodiscard]] std::optional<std::span<T>> mapped_values(
      const TensorInfo& info) const;

  /// What keeps the mapped values alive.
  [[nodiscard]] std::shared_ptr<MappedFile> mapping() const { return mapping_; }

 private:
  SafetensorsFile(std::string name,
                  std::shared_ptr<MappedFile> mapping,
                  SafetensorsHeader header);

  std::string name_;
  std::shared_ptr<MappedFile> mapping_;
  SafetensorsHeader header_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

}  // namespace distilbert
