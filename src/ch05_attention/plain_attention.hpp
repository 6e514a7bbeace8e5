#pragma once

#include <optional>

#include "ch03_autograd/tape.hpp"
#include "ch05_attention/attention_layout.hpp"

namespace distilbert {

/// What attention() must equal, composed of the operations of chapter 4, one
/// sequence and one head after another: the version to read first.
template <class T>
Variable<T> plain_attention(const Variable<T>& q,
                            const Variable<T>& k,
                            const Variable<T>& v,
                            const AttentionLayout& layout,
                            const std::optional<AttentionDropout>& dropout);

}  // namespace distilbert
