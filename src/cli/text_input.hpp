#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "ch02_tokenizer/tokenizer.hpp"
#include "ch06_bert/model_config.hpp"

namespace distilbert::cli {

/// A line of the input: one text, or two parted by a TAB.
struct InputLine {
  std::string text;
  std::optional<std::string> second;
  std::size_t number = 0;  ///< from 1
};

enum class LineForm : bool { kSingle, kPair };

/// Reads the next line, which ends at '\n' alone; nothing is trimmed. Nothing
/// at the end of the input. Throws Error, naming the line, for a pair without
/// exactly one TAB.
std::optional<InputLine> read_line(std::istream& input, LineForm form);

/// Encodes a line. Throws Error, naming the line, where the tokenizer does.
Encoding encode_line(const Tokenizer& tokenizer,
                     const InputLine& line,
                     std::optional<std::size_t> max_length);

/// Throws Error, naming the line, where a text is longer than the model's
/// positions.
void check_length(const Encoding& encoding,
                  const InputLine& line,
                  const ModelConfig& config);

/// All lines of the input, encoded for a model: without `max_length` a text
/// longer than its positions is an Error.
struct EncodedInput {
  std::vector<InputLine> lines;
  std::vector<Encoding> encodings;
};

EncodedInput read_encoded(std::istream& input,
                          LineForm form,
                          const Tokenizer& tokenizer,
                          const ModelConfig& config,
                          std::optional<std::size_t> max_length);

}  // namespace distilbert::cli
