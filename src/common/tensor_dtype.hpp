#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace distilbert {

/// The element types of safetensors files whose elements are whole bytes
/// (safetensors 0.8.0). Little-endian, as on every machine this runs on.
enum class Dtype : std::uint8_t {
  kBool,
  kU8,
  kI8,
  kF8E5M2,
  kF8E4M3,
  kF8E8M0,
  kF8E4M3Fnuz,
  kF8E5M2Fnuz,
  kU16,
  kI16,
  kF16,
  kBF16,
  kU32,
  kI32,
  kF32,
  kU64,
  kI64,
  kF64,
  kC64,
};

/// The name in a file's header: "F32".
std::string_view dtype_name(Dtype dtype);

/// The dtype of a name, nothing where the name is unknown.
std::optional<Dtype> dtype_from_name(std::string_view name);

/// Bytes per element.
std::size_t dtype_size(Dtype dtype);

/// The dtype of a C++ type: float, double, std::int64_t, std::int32_t or
/// std::uint8_t.
template <class T>
Dtype dtype_of() = delete;

template <>
Dtype dtype_of<float>();
template <>
Dtype dtype_of<double>();
template <>
Dtype dtype_of<std::int64_t>();
template <>
Dtype dtype_of<std::int32_t>();
template <>
Dtype dtype_of<std::uint8_t>();

}  // namespace distilbert
