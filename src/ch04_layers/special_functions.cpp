#include "ch04_layers/special_functions.hpp"

#include <cstddef>
#include <xsimd/xsimd.hpp>  // IWYU pragma: keep

#include "common/error.hpp"

namespace distilbert {
namespace {

template <class T, class Function>
void apply_each(std::span<const T> x,
                std::span<T> y,
                const Function& function) {
  require(x.size() == y.size(), "{} results for {} numbers", y.size(),
          x.size());
  using Lanes = xsimd::batch<T>;
  std::size_t j = 0;
  for (; j + Lanes::size <= x.size(); j += Lanes::size) {
    function(Lanes::load_unaligned(x.data() + j)).store_unaligned(y.data() + j);
  }
  if (j < x.size()) {
    // The rest goes through the same function, so that a number's result
    // doesn't depend on its place in the row.
    alignas(Lanes::arch_type::alignment()) T rest[Lanes::size] = {};
    std::copy(x.begin() + static_cast<std::ptrdiff_t>(j), x.end(), rest);
    function(Lanes::load_aligned(rest)).store_aligned(rest);
    std::copy(rest, rest + (x.size() - j),
              y.begin() + static_cast<std::ptrdiff_t>(j));
  }
}

template <class T>
void exp_of(std::span<const T> x, std::span<T> y) {
  apply_each(x, y, [](const auto& lanes) { return xsimd::exp(lanes); });
}

template <class T>
void erf_of(std::span<const T> x, std::span<T> y) {
  apply_each(x, y, [](const auto& lanes) { return xsimd::erf(lanes); });
}

template <class T>
void tanh_of(std::span<const T> x, std::span<T> y) {
  apply_each(x, y, [](const auto& lanes) { return xsimd::tanh(lanes); });
}

}  // namespace

void exp_each(std::span<const float> x, std::span<float> y) {
  exp_of(x, y);
}

void exp_each(std::span<const double> x, std::span<double> y) {
  exp_of(x, y);
}

void erf_each(std::span<const float> x, std::span<float> y) {
  erf_of(x, y);
}

void erf_each(std::span<const double> x, std::span<double> y) {
  erf_of(x, y);
}

void tanh_each(std::span<const float> x, std::span<float> y) {
  tanh_of(x, y);
}

void tanh_each(std::span<const double> x, std::span<double> y) {
  tanh_of(x, y);
}

}  // namespace distilbert
