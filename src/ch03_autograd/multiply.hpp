#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// z = x ⊙ y, the product element by element; x, y and z have one shape.
/// Recorded: dx = dz ⊙ y, dy = dz ⊙ x.
template <class T>
Variable<T> multiply(const Variable<T>& x, const Variable<T>& y);

}  // namespace distilbert
