#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "ch04_layers/context.hpp"

namespace distilbert {

/// Which elements of a [rows, columns] matrix dropout keeps.
struct DropoutMask {
  Buffer<std::uint8_t> keep;  ///< 1 or 0 per element, row after row
  std::size_t rows = 0;
  std::size_t columns = 0;
  double scale = 1;  ///< 1 / (1 - probability), for what is kept
};

/// The number below which one of the 2^32 equally likely draws means "dropped".
std::uint32_t dropout_threshold(double probability);

/// Draws a mask: each element is dropped with this probability, in [0, 1).
/// Element (i, j) depends on the source and on i and j only.
DropoutMask draw_dropout_mask(std::size_t rows,
                              std::size_t columns,
                              double probability,
                              const RandomSource& source);

/// Some rows of a mask, in this order.
DropoutMask select_rows(const DropoutMask& mask,
                        std::span<const std::size_t> chosen);

/// The mask for one use of dropout in a forward pass; nothing where the context
/// has no dropout or the probability is 0. Writes the draw down where the
/// context asks for it.
template <class T>
std::optional<DropoutMask> draw_dropout_mask(const Context<T>& context,
                                             std::size_t rows,
                                             std::size_t columns,
                                             double probability,
                                             RandomPurpose purpose,
                                             std::uint32_t layer);

/// y[i, j] = scale · x[i, j] where the mask keeps it, else 0 (Srivastava et al.
/// 2014). The scale keeps the expected value what it was. The gradient of x is
/// the same function of the gradient of y.
template <class T>
Matrix<T> dropout(const Matrix<T>& x, const DropoutMask& mask);

/// The same, recorded; x itself without a mask.
template <class T>
Variable<T> dropout(const Variable<T>& x, std::optional<DropoutMask> mask);

}  // namespace distilbert
