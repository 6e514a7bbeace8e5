#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// Records a loss L whose gradient is known with it: dx = dL/dx · dL. `gradient`
/// is dL/dx, of the shape of x. The result is a scalar, recorded where x is.
template <class T>
Variable<T> record_loss(const Variable<T>& x, T loss, Matrix<T> gradient);

}  // namespace distilbert
