#pragma once

#include <span>
#include <string>

#include "ch06_bert/model_config.hpp"

namespace distilbert {

/// The head that a checkpoint's tensors belong to, for a configuration that
/// doesn't say: by the name of the head's last layer. A BERT classifier with a
/// pooler, and a DistilBERT classifier with a pre_classifier, classify
/// sequences; without, tokens.
HeadKind head_from_tensors(std::span<const std::string> names);

}  // namespace distilbert
