#include "ch07_distilbert/fold_segment_zero.hpp"

namespace distilbert {

// --8<-- [start:fold_segment_zero]
Matrix<float> fold_segment_zero(const Matrix<float>& words,
                                const Matrix<float>& segments) {
  require_shape(segments, rows(segments), columns(words), "segment embeddings");
  // --8<-- [start:fold]
  Matrix<float> folded = words;
  for (std::size_t i = 0; i < rows(folded); ++i) {
    for (std::size_t j = 0; j < columns(folded); ++j) {
      folded(i, j) += segments(0, j);
    }
  }
  return folded;
  // --8<-- [end:fold]
}

// --8<-- [end:fold_segment_zero]

}  // namespace distilbert
