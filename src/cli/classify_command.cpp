#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <numeric>

#include "ch04_layers/softmax.hpp"
#include "ch10_glue/compute_logits.hpp"
#include "cli/command.hpp"
#include "cli/opened_model.hpp"
#include "cli/text_input.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

constexpr std::size_t kBatchSize = 32;

struct ClassifyOptions {
  ModelChoice model;
  bool pairs = false;
  std::optional<std::size_t> max_length;
};

// "positive 0.998, negative 0.002", the likeliest first.
std::string describe_classes(std::span<const float> logits,
                             const std::vector<std::string>& labels) {
  std::vector<float> p(logits.begin(), logits.end());
  softmax_row<float>(p);
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::string text;
  for (const std::size_t label : order) {
    text += fmt::format("{}{} {:.3f}", text.empty() ? "" : ", ", labels[label],
                        p[label]);
  }
  return text;
}

void classify(const ClassifyOptions& options) {
  const OpenedModel opened = open_model(options.model);
  const Model<float>& model = *opened.model;
  if (model.head() != HeadKind::kSequenceClassification) {
    fail("{}: expected a model that classifies texts, found {}",
         opened.folder.path().string(),
         architecture_name(model.config().kind, model.head()));
  }
  const EncodedInput input = read_encoded(
      std::cin, options.pairs ? LineForm::kPair : LineForm::kSingle,
      opened.tokenizer, model.config(), options.max_length);
  const Matrix<float> logits =
      compute_logits(model, input.encodings, kBatchSize);
  for (std::size_t i = 0; i < input.lines.size(); ++i) {
    const InputLine& line = input.lines[i];
    const std::string text =
        line.second ? line.text + "\t" + *line.second : line.text;
    std::cout << (columns(logits) == 1
                      ? fmt::format("{:.3f}", logits(i, 0))
                      : describe_classes(row(logits, i), model.config().labels))
              << '\t' << text << '\n';
  }
}

}  // namespace

void add_classify(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "classify", "lines of text to classes or scores, by a fine-tuned model");
  const auto options = std::make_shared<ClassifyOptions>();
  add_model_choice(command, options->model);
  command.add_flag("--pairs", options->pairs,
                   "a line is two texts with a TAB between them");
  add_max_length_option(command, options->max_length);
  on_run<ClassifyOptions>(command, options, classify);
}

}  // namespace distilbert::cli
