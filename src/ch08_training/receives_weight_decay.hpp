#pragma once

#include <string_view>

namespace distilbert {

/// Whether weight decay applies to the parameter of this name: to all but
/// biases and the weights of normalisations, whatever a model calls them. Case
/// doesn't matter; left out is a name that holds "bias", "layernorm" or
/// "rmsnorm" anywhere, or a part between dots that is "norm" or ends in
/// "_norm" (DistilBERT's sa_layer_norm, output_layer_norm, vocab_layer_norm).
/// Reference behaviour: Trainer.get_decay_parameter_names (transformers
/// 5.23.0).
bool receives_weight_decay(std::string_view parameter_name);

}  // namespace distilbert
