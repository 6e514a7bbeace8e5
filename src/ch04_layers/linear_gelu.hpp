#pragma once

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// gelu(linear(x, weight, bias)) as one operation, recorded. The result of the
/// product is kept for the backward pass but not as a node of its own.
/// Plain composition: plain_linear_gelu.
template <class T>
Variable<T> linear_gelu(const Variable<T>& x,
                        const Variable<T>& weight,
                        const Variable<T>& bias);

/// The composition of linear and gelu that linear_gelu must equal.
template <class T>
Variable<T> plain_linear_gelu(const Variable<T>& x,
                              const Variable<T>& weight,
                              const Variable<T>& bias);

}  // namespace distilbert
