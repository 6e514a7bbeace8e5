#include <algorithm>
#include <cmath>

#include "ch04_layers/dropout.hpp"
#include "ch04_layers/row_math.hpp"

namespace distilbert {

std::uint32_t dropout_threshold(double probability) {
  // At most 2^32 - 1: a probability next to 1 must not wrap around to "keep".
  return static_cast<std::uint32_t>(
      std::min(std::round(probability * 0x1p32), 0x1p32 - 1));
}

DropoutMask draw_dropout_mask(std::size_t rows,
                              std::size_t columns,
                              double probability,
                              const RandomSource& source) {
  require(probability >= 0 && probability < 1,
          "dropout with probability {}: expected one in [0, 1)", probability);
  DropoutMask mask{Buffer<std::uint8_t>(rows * columns), rows, columns,
                   1 / (1 - probability)};
  const std::uint32_t dropped_below = dropout_threshold(probability);
  parallel_rows(rows, columns, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::uint8_t* const keep = mask.keep.data() + i * columns;
      source.for_each_in_row(static_cast<std::uint32_t>(i), columns,
                             [&](std::size_t j, std::uint32_t draw) {
                               keep[j] = draw >= dropped_below ? 1 : 0;
                             });
    }
  });
  return mask;
}

DropoutMask select_rows(const DropoutMask& mask,
                        std::span<const std::size_t> chosen) {
  DropoutMask result{Buffer<std::uint8_t>(chosen.size() * mask.columns),
                     chosen.size(), mask.columns, mask.scale};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    require(chosen[i] < mask.rows, "row {} of {}", chosen[i], mask.rows);
    std::copy_n(mask.keep.data() + chosen[i] * mask.columns, mask.columns,
                result.keep.data() + i * mask.columns);
  }
  return result;
}

template <class T>
std::optional<DropoutMask> draw_dropout_mask(const Context<T>& context,
                                             std::size_t rows,
                                             std::size_t columns,
                                             double probability,
                                             RandomPurpose purpose,
                                             std::uint32_t layer) {
  if (context.dropout == nullptr || probability == 0) {
    return std::nullopt;
  }
  const DropoutSource& source = *context.dropout;
  if (source.log != nullptr) {
    source.log->push_back({purpose, layer, rows, columns, probability});
  }
  return draw_dropout_mask(
      rows, columns, probability,
      RandomSource(source.seed, purpose, source.step, layer));
}

template std::optional<DropoutMask> draw_dropout_mask(const Context<float>&,
                                                      std::size_t,
                                                      std::size_t,
                                                      double,
                                                      RandomPurpose,
                                                      std::uint32_t);
template std::optional<DropoutMask> draw_dropout_mask(const Context<double>&,
                                                      std::size_t,
                                                      std::size_t,
                                                      double,
                                                      RandomPurpose,
                                                      std::uint32_t);

}  // namespace distilbert
