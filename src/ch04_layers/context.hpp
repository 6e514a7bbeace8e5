#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ch03_autograd/tape.hpp"
#include "common/random.hpp"

namespace distilbert {

/// One use of dropout, as written down for tests: what for, in which layer, on
/// a matrix of which shape, with which probability.
struct DropoutDraw {
  RandomPurpose purpose;
  std::uint32_t layer;
  std::size_t rows;
  std::size_t columns;
  double probability;
};

/// The randomness of one training step. The same seed and step give the same
/// masks, whatever the threads and however often the run was interrupted.
struct DropoutSource {
  std::uint64_t seed = 0;
  std::uint32_t step = 0;
  /// Where draws are written down, or nullptr.
  std::vector<DropoutDraw>* log = nullptr;
};

/// What a forward pass needs besides its inputs. The default is inference:
/// nothing is recorded and nothing is dropped.
template <class T>
struct Context {
  Tape<T>* tape = nullptr;
  const DropoutSource* dropout = nullptr;
};

/// A parameter as a variable: watched where the context has a tape, a constant
/// where it hasn't.
template <class T>
Variable<T> use(const Context<T>& context, const ParameterPtr<T>& parameter) {
  return context.tape == nullptr ? Variable<T>(parameter->value)
                                 : context.tape->watch(parameter);
}

}  // namespace distilbert
