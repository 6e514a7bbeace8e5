#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <iostream>

#include "cli/command.hpp"
#include "cli/sentence_vectors.hpp"

namespace distilbert::cli {
namespace {

struct EmbedOptions {
  ModelChoice model;
  std::optional<std::size_t> max_length;
};

void embed(const EmbedOptions& options) {
  const OpenedModel opened = open_model(options.model);
  const EncodedInput input =
      read_encoded(std::cin, LineForm::kSingle, opened.tokenizer,
                   opened.model->config(), options.max_length);
  const Matrix<float> vectors =
      sentence_vectors(*opened.model, input.encodings);
  for (std::size_t i = 0; i < rows(vectors); ++i) {
    std::cout << fmt::format("[{}]\n", fmt::join(row(vectors, i), ","));
  }
}

}  // namespace

void add_embed(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "embed", "lines of text to vectors of length 1, as JSON lines");
  const auto options = std::make_shared<EmbedOptions>();
  add_model_choice(command, options->model);
  add_max_length_option(command, options->max_length);
  on_run<EmbedOptions>(command, options, embed);
}

}  // namespace distilbert::cli
