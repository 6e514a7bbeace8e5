#pragma once

#include "ch01_tensor/tensor.hpp"
#include "ch05_attention/attention_layout.hpp"

namespace distilbert {

/// attention() of chapter 5 for inference, to [tokens, hidden]: nothing is
/// dropped and nothing is kept. A head's keys and values are packed into panels
/// once; then kTileRows queries at a time go all the way from scores to
/// context. The only buffer is that of their scores, kTileRows rows of one
/// sequence's length, so that memory grows with the length and not with its
/// square. Equal to attention() but for rounding; a sequence's result doesn't
/// depend on the other sequences.
Matrix<float> blocked_attention(const Matrix<float>& q,
                                const Matrix<float>& k,
                                const Matrix<float>& v,
                                const AttentionLayout& layout);

}  // namespace distilbert
