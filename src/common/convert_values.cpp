#include "common/convert_values.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include "common/error.hpp"
#include "common/tensor_dtype.hpp"

namespace distilbert {

namespace {

// Values are copied out one by one, since their address may not be aligned.
template <class Stored, class T, class Convert>
void convert_each(std::span<const std::byte> bytes,
                  std::span<T> out,
                  Convert convert) {
  require(bytes.size() == out.size() * sizeof(Stored),
          "convert_values: {} bytes for {} values", bytes.size(), out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    // NOLINTNEXTLINE(bugprone-signed-char-misuse): a number, not a letter
    out[i] = static_cast<T>(convert(stored));
  }
}

template <class Stored, class T>
void convert_each(std::span<const std::byte> bytes, std::span<T> out) {
  convert_each<Stored>(bytes, out, [](Stored stored) { return stored; });
}

template <class T>
bool convert_numbers(std::span<const std::byte> bytes,
                     Dtype dtype,
                     std::span<T> out) {
  switch (dtype) {
    case Dtype::kF16:
      convert_each<std::uint16_t>(bytes, out, float_from_half);
      return true;
    case Dtype::kBF16:
      convert_each<std::uint16_t>(bytes, out, float_from_bfloat16);
      return true;
    case Dtype::kF32:
      convert_each<float>(bytes, out);
      return true;
    case Dtype::kF64:
      convert_each<double>(bytes, out);
      return true;
    default:
      return false;
  }
}

bool convert_integers(std::span<const std::byte> bytes,
                      Dtype dtype,
                      std::span<std::int64_t> out) {
  switch (dtype) {
    case Dtype::kBool:
    case Dtype::kU8:
      convert_each<std::uint8_t>(bytes, out);
      return true;
    case Dtype::kI8:
      convert_each<std::int8_t>(bytes, out);
      return true;
    case Dtype::kU16:
      convert_each<std::uint16_t>(bytes, out);
      return true;
    case Dtype::kI16:
      convert_each<std::int16_t>(bytes, out);
      return true;
    case Dtype::kU32:
      convert_each<std::uint32_t>(bytes, out);
      return true;
    case Dtype::kI32:
      convert_each<std::int32_t>(bytes, out);
      return true;
    case Dtype::kI64:
      convert_each<std::int64_t>(bytes, out);
      return true;
    default:
      return false;
  }
}

template <class T>
bool convert(std::span<const std::byte> bytes, Dtype dtype, std::span<T> out) {
  if constexpr (std::is_floating_point_v<T>) {
    return convert_numbers(bytes, dtype, out);
  } else {
    return convert_integers(bytes, dtype, out);
  }
}

}  // namespace

float float_from_half(std::uint16_t bits) {
  constexpr int kFractionBits = 10;
  constexpr int kBias = 15;
  constexpr int kLargestExponent = 31;
  const int exponent = (bits >> kFractionBits) & kLargestExponent;
  const unsigned fraction = bits & ((1U << kFractionBits) - 1U);
  const unsigned sign = static_cast<unsigned>(bits >> 15U) << 31U;
  if (exponent == 0) {  // zero, or a number without the leading 1
    const float magnitude =
        std::ldexp(static_cast<float>(fraction), 1 - kBias - kFractionBits);
    return std::bit_cast<float>(std::bit_cast<unsigned>(magnitude) | sign);
  }
  // 127 is a float's bias and 255 its exponent of infinity and NaN.
  const unsigned widened = exponent == kLargestExponent
                               ? 255U
                               : static_cast<unsigned>(exponent - kBias + 127);
  return std::bit_cast<float>(sign | widened << 23U | fraction << 13U);
}

float float_from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

template <class T>
bool is_convertible(Dtype dtype) {
  return convert<T>({}, dtype, {});
}

template <class T>
void convert_values(std::span<const std::byte> bytes,
                    Dtype dtype,
                    std::span<T> out) {
  require(convert(bytes, dtype, out),
          "convert_values: {} doesn't convert to the wanted type",
          dtype_name(dtype));
}

template bool is_convertible<float>(Dtype);
template bool is_convertible<double>(Dtype);
template bool is_convertible<std::int64_t>(Dtype);
template void convert_values<float>(std::span<const std::byte>,
                                    Dtype,
                                    std::span<float>);
template void convert_values<double>(std::span<const std::byte>,
                                     Dtype,
                                     std::span<double>);
template void convert_values<std::int64_t>(std::span<const std::byte>,
                                           Dtype,
                                           std::span<std::int64_t>);

}  // namespace distilbert
