#pragma once

#include <cstddef>
#include <span>

#include "ch06_bert/model_config.hpp"

namespace distilbert {

/// What OpenBLAS's own sgemm takes for a model's linear layers.
struct GemmTimes {
  double seconds = 0;
  double operations = 0;  ///< additions and multiplications
};

/// How many tokens and texts a batch has.
struct BatchSize {
  std::size_t tokens;
  std::size_t texts;
};

/// Times bare cblas_sgemm calls of the shapes that a classifier's encoder has
/// for such batches, one call for Q, K and V, and in the last layer only the
/// rows that are read (HiddenStates::kRead) behind them: with OpenBLAS's own
/// threads, and with one thread for each share of the batch that shares nothing
/// with the others. The faster way counts.
GemmTimes time_bare_gemm(const ModelConfig& config,
                         std::span<const BatchSize> batches);

}  // namespace distilbert
