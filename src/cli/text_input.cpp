#include "cli/text_input.hpp"

#include <algorithm>
#include <istream>

#include "common/error.hpp"

namespace distilbert::cli {

std::optional<InputLine> read_line(std::istream& input, LineForm form) {
  InputLine line;
  if (!std::getline(input, line.text)) {
    return std::nullopt;
  }
  if (form == LineForm::kPair) {
    const auto tabs = std::ranges::count(line.text, '\t');
    if (tabs != 1) {
      fail("expected two texts with one TAB between them, found {} TABs", tabs);
    }
    const std::size_t tab = line.text.find('\t');
    line.second = line.text.substr(tab + 1);
    line.text.resize(tab);
  }
  return line;
}

Encoding encode_line(const Tokenizer& tokenizer,
                     const InputLine& line,
                     std::optional<std::size_t> max_length) {
  EncodeOptions options;
  options.truncation.max_length = max_length;
  return line.second ? tokenizer.encode_pair(line.text, *line.second, options)
                     : tokenizer.encode(line.text, options);
}

void check_length(const Encoding& encoding,
                  const InputLine& line,
                  const ModelConfig& config) {
  const auto positions = static_cast<std::size_t>(config.max_positions);
  if (encoding.size() > positions) {
    fail(
        "line {}: {} tokens, and the model has positions for {}; "
        "--max-length {} cuts longer texts",
        line.number, encoding.size(), positions, positions);
  }
}

EncodedInput read_encoded(std::istream& input,
                          LineForm form,
                          const Tokenizer& tokenizer,
                          const ModelConfig& config,
                          std::optional<std::size_t> max_length) {
  EncodedInput result;
  for (std::size_t number = 1;; ++number) {
    try {
      std::optional<InputLine> line = read_line(input, form);
      if (!line) {
        return result;
      }
      line->number = number;
      result.encodings.push_back(encode_line(tokenizer, *line, max_length));
      result.lines.push_back(std::move(*line));
    } catch (const Error& error) {
      fail("line {}: {}", number, error.what());
    }
    check_length(result.encodings.back(), result.lines.back(), config);
  }
}

}  // namespace distilbert::cli
