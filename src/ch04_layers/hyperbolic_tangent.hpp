#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// y = tanh(x), element by element: what BERT's pooler ends in. Recorded:
/// dx = dy · (1 - y²).
template <class T>
Variable<T> hyperbolic_tangent(const Variable<T>& x);

}  // namespace distilbert
