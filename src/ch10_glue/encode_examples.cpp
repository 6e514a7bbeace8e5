#include "ch10_glue/encode_examples.hpp"

#include "common/error.hpp"
#include "common/threads.hpp"

namespace distilbert {

std::vector<Encoding> encode_examples(const Tokenizer& tokenizer,
                                      std::span<const Example> examples,
                                      std::size_t max_length) {
  constexpr std::size_t kLeastExamples = 64;
  EncodeOptions options;
  options.truncation.max_length = max_length;
  std::vector<Encoding> encodings(examples.size());
  parallel_for(
      examples.size(), kLeastExamples, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          const Example& example = examples[i];
          try {
            encodings[i] = example.second
                               ? tokenizer.encode_pair(example.text,
                                                       *example.second, options)
                               : tokenizer.encode(example.text, options);
          } catch (const Error& error) {
            fail("{} {}: {}", example.unit, example.line, error.what());
          }
        }
      });
  return encodings;
}

}  // namespace distilbert
