#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/tensor_dtype.hpp"

namespace distilbert {

/// True where values of a dtype can become values of type T (float, double or
/// std::int64_t): F16, BF16, F32 and F64 become floating-point numbers;
/// BOOL and integers of at most 63 bits become std::int64_t.
template <class T>
bool is_convertible(Dtype dtype);

/// Converts the values in `bytes`, of `dtype`, into `out`. The bytes may lie at
/// any address. F16 and BF16 convert exactly; F64 is rounded to the nearest
/// float. `bytes` must hold as many values as `out`, and the dtype must be
/// convertible.
template <class T>
void convert_values(std::span<const std::byte> bytes,
                    Dtype dtype,
                    std::span<T> out);

/// The value of the 16 bits of an IEEE half-precision number.
float float_from_half(std::uint16_t bits);

/// The value of the 16 bits of a bfloat16, the upper half of a float.
float float_from_bfloat16(std::uint16_t bits);

extern template bool is_convertible<float>(Dtype);
extern template bool is_convertible<double>(Dtype);
extern template bool is_convertible<std::int64_t>(Dtype);
extern template void convert_values<float>(std::span<const std::byte>,
                                           Dtype,
                                           std::span<float>);
extern template void convert_values<double>(std::span<const std::byte>,
                                            Dtype,
                                            std::span<double>);
extern template void convert_values<std::int64_t>(std::span<const std::byte>,
                                                  Dtype,
                                                  std::span<std::int64_t>);

}  // namespace distilbert
