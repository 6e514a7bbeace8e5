#include "ch04_layers/special_functions.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "catch.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

namespace {

// The distance of two numbers in units in the last place of `exact`, which is
// given in a wider type.
template <class T, class Wide>
double units_off(T found, Wide exact) {
  if (std::isnan(exact) || std::isnan(found)) {
    return std::isnan(exact) && std::isnan(found) ? 0 : 1e300;
  }
  const auto nearest = static_cast<T>(exact);
  if (found == nearest) {
    return 0;
  }
  const T size = std::abs(nearest);
  if (std::isinf(size) || std::isinf(found)) {
    return 1e300;
  }
  const T unit =
      std::max(std::nextafter(size, std::numeric_limits<T>::infinity()) - size,
               std::numeric_limits<T>::denorm_min());
  return static_cast<double>(std::abs(static_cast<Wide>(found) - exact) /
                             static_cast<Wide>(unit));
}

// Numbers of every magnitude and both signs up to `largest`, and evenly spaced
// ones.
template <class T>
std::vector<T> many_numbers(double largest) {
  std::vector<T> numbers{T{0}, -T{0}, T{1}, T{-1}};
  for (double x = 1e-30; x < largest; x *= 1.003) {
    numbers.push_back(static_cast<T>(x));
    numbers.push_back(static_cast<T>(-x));
  }
  constexpr int kSteps = 20000;
  for (int i = -kSteps; i <= kSteps; ++i) {
    numbers.push_back(static_cast<T>(largest * i / kSteps));
  }
  return numbers;
}

template <class T>
using Each = void (*)(std::span<const T>, std::span<T>);

template <class T>
std::vector<T> apply(Each<T> function, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  function(x, y);
  return y;
}

template <class T, class Exact>
double worst_units(Each<T> function, Exact exact, double largest) {
  const auto x = many_numbers<T>(largest);
  const auto y = apply(function, x);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    worst =
        std::max(worst, units_off(y[i], exact(static_cast<long double>(x[i]))));
  }
  return worst;
}

template <class T>
constexpr T kInfinity = std::numeric_limits<T>::infinity();

}  // namespace

TEMPLATE_TEST_CASE("exp, erf and tanh are right to the last places",
                   "[special_functions]",
                   float,
                   double) {
  using T = TestType;
  // Results from the smallest normal number to the largest number.
  const double widest = std::is_same_v<T, float> ? 87.3 : 708.3;
  const auto exp = [](long double x) { return std::exp(x); };
  const auto erf = [](long double x) { return std::erf(x); };
  const auto tanh = [](long double x) { return std::tanh(x); };
  CHECK(worst_units<T>(exp_each, exp, widest) <= 2);
  // xsimd's erf is less exact than its exp, in double most of all.
  CHECK(worst_units<T>(erf_each, erf, 30) <=
        (std::is_same_v<T, float> ? 3 : 80));
  CHECK(worst_units<T>(tanh_each, tanh, 30) <= 2);
}

TEST_CASE("erf is within 1e-7 everywhere in float", "[special_functions]") {
  const auto x = many_numbers<float>(1e4);
  const auto y = apply<float>(erf_each, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = std::abs(static_cast<double>(y[i]) -
                                  std::erf(static_cast<double>(x[i])));
    if (!(error <= 1e-7)) {
      FAIL_CHECK("erf(" << x[i] << ") = " << y[i] << ", off by " << error);
    }
  }
  SUCCEED();
}

TEMPLATE_TEST_CASE("special functions know their limits",
                   "[special_functions]",
                   float,
                   double) {
  using T = TestType;
  const T infinity = kInfinity<T>;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const std::vector<T> x{-infinity,  T{-0x1p100}, T{-5000}, T{5000},
                         T{0x1p100}, infinity,    nan};
  const auto exp = apply<T>(exp_each, x);
  const auto erf = apply<T>(erf_each, x);
  const auto tanh = apply<T>(tanh_each, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    INFO("x = " << x[i]);
    CHECK(units_off(exp[i], std::exp(x[i])) == 0);
    CHECK(units_off(erf[i], std::erf(x[i])) == 0);
    CHECK(units_off(tanh[i], std::tanh(x[i])) == 0);
  }
}

TEMPLATE_TEST_CASE("denormal numbers are as good as zero",
                   "[special_functions]",
                   float,
                   double) {
  using T = TestType;
  const T tiny = std::numeric_limits<T>::min();
  const T denormal = std::numeric_limits<T>::denorm_min();
  const std::vector<T> x{denormal, -denormal, tiny / 2, -tiny / 2, tiny, -tiny};
  const auto exp = apply<T>(exp_each, x);
  const auto erf = apply<T>(erf_each, x);
  const auto tanh = apply<T>(tanh_each, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    INFO("x = " << x[i]);
    CHECK(exp[i] == 1);
    CHECK(std::abs(erf[i] - std::erf(x[i])) <= tiny);
    CHECK(std::abs(tanh[i] - std::tanh(x[i])) <= tiny);
  }
}

TEMPLATE_TEST_CASE("exp of a large negative number is zero or nearly",
                   "[special_functions]",
                   float,
                   double) {
  using T = TestType;
  // Between the smallest normal result and the smallest denormal one either
  // the denormal or zero will do: a softmax can't tell.
  const T tiny = std::numeric_limits<T>::min();
  std::vector<T> x;
  for (int i = 0; i < 200; ++i) {
    x.push_back(
        static_cast<T>((std::is_same_v<T, float> ? -87.3 : -708.3) - i));
  }
  for (const T y : apply<T>(exp_each, x)) {
    CHECK(y >= 0);
    CHECK(y <= tiny * T{1.25});
  }
}

TEMPLATE_TEST_CASE("a result doesn't depend on its place in the row",
                   "[special_functions]",
                   float,
                   double) {
  using T = TestType;
  for (const Each<T> function :
       {Each<T>(exp_each), Each<T>(erf_each), Each<T>(tanh_each)}) {
    for (const T number : {T{-3.75}, T{0.125}, T{1.25}, T{6}}) {
      const T alone = apply<T>(function, {number})[0];
      for (std::size_t size = 1; size < 40; ++size) {
        std::vector<T> x(size, T{0.5});
        x[size - 1] = number;
        x[size / 2] = number;
        const auto y = apply<T>(function, x);
        CHECK(y[size - 1] == alone);
        CHECK(y[size / 2] == alone);
      }
    }
  }
}

TEMPLATE_TEST_CASE("special functions work in place and write nothing else",
                   "[special_functions]",
                   float,
                   double) {
  using T = TestType;
  for (std::size_t size = 0; size < 40; ++size) {
    std::vector<T> x(size + 1, T{0.5});
    const std::span<T> all_but_last(x.data(), size);
    exp_each(all_but_last, all_but_last);
    CHECK(x[size] == T{0.5});
    for (const T y : all_but_last) {
      CHECK(y == Approx(std::exp(0.5)));
    }
  }
  std::vector<T> three(3);
  std::vector<T> two(2);
  REQUIRE_THROWS_AS(exp_each(std::span<const T>(three), std::span<T>(two)),
                    std::logic_error);
}
