#include "ch06_bert/initialize_parameter.hpp"

#include <algorithm>
#include <string>

#include "common/random.hpp"

namespace distilbert {
namespace {

bool is_layer_norm(const std::string& name) {
  return name.find("LayerNorm") != std::string::npos ||
         name.find("layer_norm") != std::string::npos;
}

}  // namespace

template <class T>
void initialize_parameter(Parameter<T>& parameter,
                          double deviation,
                          std::uint64_t seed,
                          std::uint32_t number,
                          std::optional<std::int64_t> padding_row) {
  const bool vector = parameter.shape.size() == 1;
  const std::size_t height = vector ? 1 : parameter.shape[0];
  const std::size_t width = parameter.shape.back();
  Matrix<T> value = zeros<T>(height, width);
  if (vector) {
    const bool gain =
        is_layer_norm(parameter.name) && parameter.name.ends_with(".weight");
    value.fill(gain ? T{1} : T{0});
  } else {
    const RandomSource source(seed, RandomPurpose::kInitialisation, 0, number);
    for (std::size_t i = 0; i < height; ++i) {
      for (std::size_t j = 0; j < width; ++j) {
        value(i, j) = static_cast<T>(
            deviation * source.normal(static_cast<std::uint32_t>(i),
                                      static_cast<std::uint32_t>(j)));
      }
    }
    if (padding_row && parameter.name.ends_with("word_embeddings.weight")) {
      std::ranges::fill(row(value, static_cast<std::size_t>(*padding_row)),
                        T{0});
    }
  }
  *parameter.value = std::move(value);
}

template void initialize_parameter(Parameter<float>&,
                                   double,
                                   std::uint64_t,
                                   std::uint32_t,
                                   std::optional<std::int64_t>);
template void initialize_parameter(Parameter<double>&,
                                   double,
                                   std::uint64_t,
                                   std::uint32_t,
                                   std::optional<std::int64_t>);

}  // namespace distilbert
