#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <numeric>

#include "ch01_tensor/multiply_transposed.hpp"
#include "cli/command.hpp"
#include "cli/sentence_vectors.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

struct SimilarOptions {
  ModelChoice model;
  std::string query;
  std::size_t top = 5;
  std::optional<std::size_t> max_length;
};

void similar(const SimilarOptions& options) {
  const OpenedModel opened = open_model(options.model);
  const EncodedInput input =
      read_encoded(std::cin, LineForm::kSingle, opened.tokenizer,
                   opened.model->config(), options.max_length);
  if (input.lines.empty()) {
    fail("no lines on standard input to compare with");
  }
  InputLine query{options.query, std::nullopt, 0};
  const Encoding encoded =
      encode_line(opened.tokenizer, query, options.max_length);
  if (encoded.size() >
      static_cast<std::size_t>(opened.model->config().max_positions)) {
    fail("--query: {} tokens, and the model has positions for {}",
         encoded.size(), opened.model->config().max_positions);
  }
  const Matrix<float> vectors =
      sentence_vectors(*opened.model, input.encodings);
  const Matrix<float> cosines = multiply_transposed(
      sentence_vectors(*opened.model, {&encoded, 1}), vectors);
  std::vector<std::size_t> order(input.lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return cosines(0, a) > cosines(0, b);
  });
  order.resize(std::min(order.size(), options.top));
  for (const std::size_t i : order) {
    std::cout << fmt::format("{:.3f}\t{}\n", cosines(0, i),
                             input.lines[i].text);
  }
}

}  // namespace

void add_similar(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "similar", "the lines of text that mean most nearly what a query means");
  const auto options = std::make_shared<SimilarOptions>();
  add_model_choice(command, options->model);
  command.add_option("--query", options->query, "the text to compare with")
      ->required();
  command.add_option("--top", options->top, "how many lines to print")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  add_max_length_option(command, options->max_length);
  on_run<SimilarOptions>(command, options, similar);
}

}  // namespace distilbert::cli
