#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ch02_tokenizer/tokenizer.hpp"
#include "ch10_glue/read_examples.hpp"

namespace distilbert {

/// Encodes examples, pairs as pairs, cut longest-first to `max_length` tokens,
/// special tokens included. Throws Error, naming the example's line or record in
/// its file, where the tokenizer does.
std::vector<Encoding> encode_examples(const Tokenizer& tokenizer,
                                      std::span<const Example> examples,
                                      std::size_t max_length);

}  // namespace distilbert
