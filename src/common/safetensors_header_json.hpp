#pragma once

#include <string>
#include <string_view>

#include "common/safetensors_header.hpp"

namespace distilbert {

/// Reads the JSON of a safetensors header into tensors, in the order of their
/// names' appearance, with offsets as written (relative to the end of the
/// header), and metadata. It checks form (keys, types, no name twice), not
/// sense: sizes and offsets may lie. No value of unknown form is ever stored,
/// so that memory stays bounded by the text's length. Throws Error with `name`
/// (of the file) and what it is about.
SafetensorsHeader parse_safetensors_header_json(std::string_view text,
                                                const std::string& name);

}  // namespace distilbert
