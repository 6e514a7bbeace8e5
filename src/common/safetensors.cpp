#include "common/safetensors.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/convert_values.hpp"
#include "common/error.hpp"
#include "common/mapped_file.hpp"
#include "common/printable.hpp"
#include "common/safetensors_header.hpp"
#include "common/tensor_dtype.hpp"

namespace distilbert {

SafetensorsFile SafetensorsFile::open(const std::filesystem::path& path) {
  auto mapping = MappedFile::open(path);
  auto header = parse_safetensors_header(mapping->bytes(), path.string());
  return {path.string(), std::move(mapping), std::move(header)};
}

SafetensorsFile::SafetensorsFile(std::string name,
                                 std::shared_ptr<MappedFile> mapping,
                                 SafetensorsHeader header)
    : name_(std::move(name)),
      mapping_(std::move(mapping)),
      header_(std::move(header)) {
  for (std::size_t i = 0; i < header_.tensors.size(); ++i) {
    index_.emplace(header_.tensors[i].name, i);
  }
}

const TensorInfo* SafetensorsFile::find(std::string_view tensor) const {
  const auto found = index_.find(tensor);
  return found == index_.end() ? nullptr : &header_.tensors[found->second];
}

const TensorInfo& SafetensorsFile::info(std::string_view tensor) const {
  const TensorInfo* found = find(tensor);
  if (found == nullptr) {
    fail("{}: expected a tensor \"{}\", found none", name_, printable(tensor));
  }
  return *found;
}

std::span<const std::byte> SafetensorsFile::bytes(
    const TensorInfo& info) const {
  return mapping_->bytes().subspan(info.begin, info.end - info.begin);
}

template <class T>
void SafetensorsFile::copy_values(const TensorInfo& info,
                                  std::span<T> out) const {
  if (!is_convertible<T>(info.dtype)) {
    fail("{}: tensor \"{}\": expected {}, found {}", name_,
         printable(info.name),
         std::is_floating_point_v<T> ? "F32, F16, BF16 or F64"
                                     : "integers of at most 63 bits",
         dtype_name(info.dtype));
  }
  require(out.size() == element_count(info.shape),
          "copy_values: tensor {} has shape {}, the target {} elements",
          info.name, describe_shape(info.shape), out.size());
  convert_values(bytes(info), info.dtype, out);
}

template <class T>
std::vector<T> SafetensorsFile::read_values(std::string_view tensor) const {
  const TensorInfo& found = info(tensor);
  std::vector<T> values(element_count(found.shape));
  copy_values<T>(found, values);
  return values;
}

template <class T>
std::optional<std::span<T>> SafetensorsFile::mapped_values(
    const TensorInfo& info) const {
  std::byte* first = mapping_->bytes().data() + info.begin;
  const auto address = reinterpret_cast<std::uintptr_t>(first);
  if (info.dtype != dtype_of<T>() || address % alignof(T) != 0) {
    return std::nullopt;
  }
  return std::span<T>(reinterpret_cast<T*>(first), element_count(info.shape));
}

template void SafetensorsFile::copy_values(const TensorInfo&,
                                           std::span<float>) const;
template void SafetensorsFile::copy_values(const TensorInfo&,
                                           std::span<double>) const;
template void SafetensorsFile::copy_values(const TensorInfo&,
                                           std::span<std::int64_t>) const;
template std::vector<float> SafetensorsFile::read_values(
    std::string_view) const;
template std::vector<double> SafetensorsFile::read_values(
    std::string_view) const;
template std::vector<std::int64_t> SafetensorsFile::read_values(
    std::string_view) const;
template std::optional<std::span<float>> SafetensorsFile::mapped_values(
    const TensorInfo&) const;
template std::optional<std::span<double>> SafetensorsFile::mapped_values(
    const TensorInfo&) const;
template std::optional<std::span<std::int64_t>> SafetensorsFile::mapped_values(
    const TensorInfo&) const;

}  // namespace distilbert
