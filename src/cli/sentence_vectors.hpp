#pragma once

#include <span>

#include "cli/opened_model.hpp"
#include "cli/text_input.hpp"

namespace distilbert::cli {

/// One vector per text [texts, hidden]: the mean of its tokens' last hidden
/// states, [CLS] and [SEP] included, scaled to length 1. The scalar product of
/// two of them is the cosine of the angle between them. (Reimers and Gurevych
/// 2019; what the MiniLM checkpoint was trained for.)
Matrix<float> sentence_vectors(const Model<float>& model,
                               std::span<const Encoding> encodings);

}  // namespace distilbert::cli
