#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// y = max(x, 0), element by element: what DistilBERT's classifier has between
/// its two layers. Recorded: dx = dy where x > 0, else 0.
template <class T>
Variable<T> relu(const Variable<T>& x);

}  // namespace distilbert
