#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <numeric>

#include "ch04_layers/select_rows.hpp"
#include "ch04_layers/softmax.hpp"
#include "cli/command.hpp"
#include "cli/opened_model.hpp"
#include "cli/text_input.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

struct FillMaskOptions {
  ModelChoice model;
  std::size_t top = 5;
  std::optional<std::size_t> max_length;
};

std::vector<std::size_t> masked_positions(const Encoding& encoding,
                                          std::int32_t mask_id) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    if (encoding.ids[i] == mask_id) {
      positions.push_back(i);
    }
  }
  return positions;
}

// The likeliest words for one mask, as "paris 0.912, lyon 0.031".
std::string likeliest(std::span<const float> p,
                      std::size_t top,
                      const Tokenizer& tokenizer) {
  std::vector<std::size_t> order(tokenizer.vocabulary().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto last =
      order.begin() + static_cast<std::ptrdiff_t>(std::min(top, order.size()));
  std::partial_sort(order.begin(), last, order.end(),
                    [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::string text;
  for (auto id = order.begin(); id != last; ++id) {
    text +=
        fmt::format("{}{} {:.3f}", text.empty() ? "" : ", ",
                    tokenizer.token(static_cast<std::int32_t>(*id)), p[*id]);
  }
  return text;
}

void fill_line(const FillMaskOptions& options,
               const OpenedModel& opened,
               std::int32_t mask_id,
               const InputLine& line,
               const Encoding& encoding) {
  const std::vector<std::size_t> masks = masked_positions(encoding, mask_id);
  if (masks.empty()) {
    fail("line {}: expected a {} to fill, found none", line.number,
         opened.tokenizer.token(mask_id));
  }
  const Model<float>& model = *opened.model;
  const ModelOutput<float> output =
      model.body(pack({&encoding, 1}), {}, HiddenStates::kLast);
  const Matrix<float> p =
      softmax(model
                  .masked_lm_logits_of(
                      select_rows(output.last_hidden_state(), masks), {})
                  .value());
  std::cout << line.text << '\n';
  for (std::size_t i = 0; i < masks.size(); ++i) {
    std::cout << "  " << likeliest(row(p, i), options.top, opened.tokenizer)
              << '\n';
  }
}

void fill_mask(const FillMaskOptions& options) {
  const OpenedModel opened = open_model(options.model);
  if (opened.model->head() != HeadKind::kMaskedLm) {
    fail("{}: expected a masked language model, found {}",
         opened.folder.path().string(),
         architecture_name(opened.model->config().kind, opened.model->head()));
  }
  if (!opened.tokenizer.mask_id()) {
    fail("{}: the vocabulary has no {}", opened.folder.vocabulary().string(),
         opened.tokenizer.options().mask_token);
  }
  const EncodedInput input =
      read_encoded(std::cin, LineForm::kSingle, opened.tokenizer,
                   opened.model->config(), options.max_length);
  for (std::size_t i = 0; i < input.lines.size(); ++i) {
    fill_line(options, opened, *opened.tokenizer.mask_id(), input.lines[i],
              input.encodings[i]);
  }
}

}  // namespace

void add_fill_mask(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "fill-mask", "lines with [MASK] to the likeliest words there");
  const auto options = std::make_shared<FillMaskOptions>();
  add_model_choice(command, options->model);
  command.add_option("--top", options->top, "how many words to print")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  add_max_length_option(command, options->max_length);
  on_run<FillMaskOptions>(command, options, fill_mask);
}

}  // namespace distilbert::cli
