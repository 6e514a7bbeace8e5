#pragma once

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// The word embeddings [vocab, hidden] with the teacher's vector for segment 0
/// (the first row of segments [types, hidden]) added to every row: a student
/// has no segment embeddings, and with this its embeddings of a single text
/// equal its teacher's. The reference drops the vector instead.
Matrix<float> fold_segment_zero(const Matrix<float>& words,
                                const Matrix<float>& segments);

}  // namespace distilbert
