#include <iostream>
#include <nlohmann/json.hpp>

#include "ch06_bert/model_folder.hpp"
#include "cli/command.hpp"
#include "cli/opened_model.hpp"
#include "cli/text_input.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

struct TokenizeOptions {
  std::string model;
  bool pairs = false;
  std::optional<std::size_t> max_length;
};

std::string to_json_line(const Encoding& encoding, const Tokenizer& tokenizer) {
  nlohmann::ordered_json json;
  json["ids"] = encoding.ids;
  json["tokens"] = tokenizer.tokens(encoding.ids);
  json["type_ids"] = encoding.type_ids;
  json["offsets"] = nlohmann::ordered_json::array();
  for (const Offset& offset : encoding.offsets) {
    json["offsets"].push_back({offset.begin, offset.end});
  }
  return json.dump();
}

void tokenize(const TokenizeOptions& options) {
  const ModelFolder folder = find_model(options.model);
  static_cast<void>(folder.vocabulary());  // a clear error where it's missing
  const Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  const LineForm form = options.pairs ? LineForm::kPair : LineForm::kSingle;
  // Where nobody reads the output any more, main() says so.
  for (std::size_t number = 1; std::cout; ++number) {
    try {
      const std::optional<InputLine> line = read_line(std::cin, form);
      if (!line) {
        return;
      }
      std::cout << to_json_line(
                       encode_line(tokenizer, *line, options.max_length),
                       tokenizer)
                << '\n';
    } catch (const Error& error) {
      fail("line {}: {}", number, error.what());
    }
  }
}

}  // namespace

void add_tokenize(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "tokenize", "lines of text to ids, tokens and offsets, as JSON lines");
  const auto options = std::make_shared<TokenizeOptions>();
  add_model_option(command, options->model);
  command.add_flag("--pairs", options->pairs,
                   "a line is two texts with a TAB between them");
  add_max_length_option(command, options->max_length);
  on_run<TokenizeOptions>(command, options, tokenize);
}

}  // namespace distilbert::cli
