#include "common/tensor_dtype.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace distilbert {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian");

namespace {

struct DtypeRow {
  std::string_view name;
  std::size_t size;
};

// In the order of the enumeration.
constexpr std::array<DtypeRow, 19> kDtypes = {{
    {"BOOL", 1},    {"U8", 1},      {"I8", 1},          {"F8_E5M2", 1},
    {"F8_E4M3", 1}, {"F8_E8M0", 1}, {"F8_E4M3FNUZ", 1}, {"F8_E5M2FNUZ", 1},
    {"U16", 2},     {"I16", 2},     {"F16", 2},         {"BF16", 2},
    {"U32", 4},     {"I32", 4},     {"F32", 4},         {"U64", 8},
    {"I64", 8},     {"F64", 8},     {"C64", 8},
}};

}  // namespace

std::string_view dtype_name(Dtype dtype) {
  return kDtypes.at(static_cast<std::size_t>(dtype)).name;
}

std::optional<Dtype> dtype_from_name(std::string_view name) {
  const auto* found =
      std::find_if(kDtypes.begin(), kDtypes.end(),
                   [name](const DtypeRow& row) { return row.name == name; });
  if (found == kDtypes.end()) {
    return std::nullopt;
  }
  return static_cast<Dtype>(found - kDtypes.begin());
}

std::size_t dtype_size(Dtype dtype) {
  return kDtypes.at(static_cast<std::size_t>(dtype)).size;
}

template <>
Dtype dtype_of<float>() {
  return Dtype::kF32;
}

template <>
Dtype dtype_of<double>() {
  return Dtype::kF64;
}

template <>
Dtype dtype_of<std::int64_t>() {
  return Dtype::kI64;
}

template <>
Dtype dtype_of<std::int32_t>() {
  return Dtype::kI32;
}

template <>
Dtype dtype_of<std::uint8_t>() {
  return Dtype::kU8;
}

}  // namespace distilbert
