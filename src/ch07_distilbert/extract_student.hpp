#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "ch07_distilbert/load_model.hpp"

namespace distilbert {

/// What becomes of the teacher's segment embeddings.
enum class SegmentEmbeddings : bool {
  kDrop,      ///< as the reference does
  kFoldZero,  ///< see fold_segment_zero
};

/// A DistilBERT student that starts from some layers of a BERT teacher (Sanh et
/// al. 2019, section 3): embeddings, the chosen layers in the given order, and
/// what of the head has a counterpart. The rest of the head (pre_classifier) is
/// newly initialised. Elements are copied. Throws UsageError where a layer
/// isn't one of the teacher's or no layer is given, and Error where the teacher
/// isn't a BERT.
LoadedModel<float> extract_student(const Model<float>& teacher,
                                   std::span<const std::size_t> layers,
                                   SegmentEmbeddings segments,
                                   std::uint64_t seed);

}  // namespace distilbert
