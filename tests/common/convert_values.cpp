#include "common/convert_values.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include "catch.hpp"

using distilbert::convert_values;
using distilbert::Dtype;
using distilbert::dtype_size;
using distilbert::float_from_bfloat16;
using distilbert::float_from_half;
using distilbert::is_convertible;

namespace {

// The definition of the format, in double and without bit tricks.
double half_by_definition(unsigned bits) {
  const double sign = (bits & 0x8000U) != 0 ? -1.0 : 1.0;
  const int exponent = static_cast<int>((bits & 0x7C00U) / 0x400U);
  const double fraction = static_cast<double>(bits & 0x3FFU) / 1024.0;
  if (exponent == 31) {
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  }
  return exponent == 0 ? sign * fraction * std::pow(2.0, -14)
                       : sign * (1.0 + fraction) * std::pow(2.0, exponent - 15);
}

}  // namespace

TEST_CASE("every half-precision number converts exactly") {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const float value = float_from_half(static_cast<std::uint16_t>(bits));
    const double expected = half_by_definition(bits);
    INFO("bits " << bits);
    if (std::isnan(expected)) {
      REQUIRE(std::isnan(value));
    } else {
      REQUIRE(static_cast<double>(value) == expected);
      REQUIRE(std::signbit(value) == std::signbit(expected));
    }
  }
}

TEST_CASE("a bfloat16 is the upper half of a float") {
  CHECK(float_from_bfloat16(0x3F80) == 1.0F);
  CHECK(float_from_bfloat16(0xC040) == -3.0F);
  CHECK(float_from_bfloat16(0x0001) == std::bit_cast<float>(0x00010000U));
  CHECK(std::isinf(float_from_bfloat16(0x7F80)));
  CHECK(std::isnan(float_from_bfloat16(0x7FC0)));
}

TEST_CASE("values convert from any address") {
  const std::vector<double> numbers = {0.1, -2.5e300, 1e-320};
  std::vector<std::byte> bytes(1 + 3 * sizeof(double));
  const auto stored = std::as_bytes(std::span(numbers));
  std::copy(stored.begin(), stored.end(), bytes.begin() + 1);
  std::vector<double> doubles(3);
  convert_values<double>(std::span(bytes).subspan(1), Dtype::kF64, doubles);
  CHECK(doubles == numbers);
  std::vector<float> floats(3);
  convert_values<float>(std::span(bytes).subspan(1), Dtype::kF64, floats);
  CHECK(floats[0] == 0.1F);
  CHECK(floats[1] == -std::numeric_limits<float>::infinity());
  CHECK(floats[2] == 0.0F);
}

TEST_CASE("integers convert with their sign") {
  const std::vector<std::uint8_t> bytes = {0xFF, 0xFE, 0x00, 0x80};
  const auto stored = std::as_bytes(std::span(bytes));
  const auto converted = [&stored](Dtype dtype) {
    std::vector<std::int64_t> out(4 / dtype_size(dtype));
    convert_values<std::int64_t>(stored, dtype, out);
    return out;
  };
  using Integers = std::vector<std::int64_t>;
  CHECK(converted(Dtype::kU8) == Integers{255, 254, 0, 128});
  CHECK(converted(Dtype::kI8) == Integers{-1, -2, 0, -128});
  CHECK(converted(Dtype::kU16) == Integers{0xFEFF, 0x8000});
  CHECK(converted(Dtype::kI16) == Integers{-257, -32768});
  CHECK(converted(Dtype::kU32) == Integers{0x8000FEFF});
  CHECK(converted(Dtype::kI32) == Integers{-2147418369});
}

TEST_CASE("only numbers become numbers, and only integers integers") {
  CHECK(is_convertible<float>(Dtype::kF16));
  CHECK(is_convertible<double>(Dtype::kBF16));
  CHECK_FALSE(is_convertible<float>(Dtype::kI64));
  CHECK_FALSE(is_convertible<float>(Dtype::kF8E4M3));
  CHECK_FALSE(is_convertible<float>(Dtype::kC64));
  CHECK(is_convertible<std::int64_t>(Dtype::kBool));
  CHECK_FALSE(is_convertible<std::int64_t>(Dtype::kU64));
  CHECK_FALSE(is_convertible<std::int64_t>(Dtype::kF32));
  std::vector<float> out(1);
  const std::vector<std::byte> bytes(3);
  CHECK_THROWS_AS(convert_values<float>(bytes, Dtype::kF32, out),
                  std::logic_error);
  CHECK_THROWS_AS(convert_values<float>(bytes, Dtype::kI8, out),
                  std::logic_error);
}
