#include <iostream>

#include "cli/command.hpp"
#include "cli/opened_model.hpp"
#include "cli/output_checks.hpp"
#include "cli/text_input.hpp"
#include "common/safetensors_writer.hpp"

namespace distilbert::cli {
namespace {

struct ForwardOptions {
  ModelChoice model;
  std::string output;
  bool pairs = false;
  std::optional<std::size_t> max_length;
};

// The outputs of all batches, one below the other.
class Stack {
 public:
  void append(const std::string& name, const Matrix<float>& matrix) {
    Tensor& tensor = tensor_named(name);
    tensor.columns = columns(matrix);
    tensor.values.insert(tensor.values.end(), matrix.begin(), matrix.end());
  }

  [[nodiscard]] std::vector<TensorToWrite> tensors() const {
    std::vector<TensorToWrite> result;
    result.reserve(tensors_.size());
    for (const Tensor& tensor : tensors_) {
      result.push_back(tensor_to_write<float>(
          tensor.name, {tensor.values.size() / tensor.columns, tensor.columns},
          tensor.values));
    }
    return result;
  }

 private:
  struct Tensor {
    std::string name;
    std::size_t columns = 1;
    std::vector<float> values;
  };

  Tensor& tensor_named(const std::string& name) {
    for (Tensor& tensor : tensors_) {
      if (tensor.name == name) {
        return tensor;
      }
    }
    tensors_.push_back({name, 1, {}});
    return tensors_.back();
  }

  std::vector<Tensor> tensors_;
};

void append_output(const ModelOutput<float>& output, Stack& stack) {
  for (std::size_t i = 0; i < output.hidden_states.size(); ++i) {
    stack.append("hidden_states." + std::to_string(i),
                 output.hidden_states[i].value());
  }
  if (output.pooler_output) {
    stack.append("pooler_output", output.pooler_output->value());
  }
  if (output.logits) {
    stack.append("logits", output.logits->value());
  }
}

void forward(const ForwardOptions& options, const Globals& globals) {
  constexpr std::size_t kBatch = 32;
  check_output_file(options.output);
  const OpenedModel opened = open_model(options.model);
  const EncodedInput input = read_encoded(
      std::cin, options.pairs ? LineForm::kPair : LineForm::kSingle,
      opened.tokenizer, opened.model->config(), options.max_length);
  if (input.lines.empty()) {
    fail("no lines on standard input");
  }
  const std::span<const Encoding> encodings = input.encodings;
  Stack stack;
  globals.progress->begin("forward", encodings.size());
  for (std::size_t first = 0; first < encodings.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, encodings.size() - first);
    append_output(opened.model->forward(pack(encodings.subspan(first, count)),
                                        {}, HiddenStates::kAll),
                  stack);
    globals.progress->update(first + count);
  }
  globals.progress->end();
  const PackedBatch all = pack(encodings);
  const std::vector<std::int64_t> offsets(all.sequence_offsets.begin(),
                                          all.sequence_offsets.end());
  const std::vector<std::int64_t> ids(all.ids.begin(), all.ids.end());
  std::vector<TensorToWrite> tensors = stack.tensors();
  tensors.push_back(tensor_to_write<std::int64_t>("sequence_offsets",
                                                  {offsets.size()}, offsets));
  tensors.push_back(
      tensor_to_write<std::int64_t>("input_ids", {ids.size()}, ids));
  write_safetensors(options.output, std::move(tensors));
}

}  // namespace

void add_forward(CLI::App& program, Globals& globals) {
  CLI::App& command = *program.add_subcommand(
      "forward", "lines of text to hidden states and logits, as safetensors");
  const auto options = std::make_shared<ForwardOptions>();
  add_model_choice(command, options->model);
  command.add_option("--output", options->output, "the file to write")
      ->required();
  command.add_flag("--pairs", options->pairs,
                   "a line is two texts with a TAB between them");
  add_max_length_option(command, options->max_length);
  on_run<ForwardOptions>(
      command, options,
      [&globals](const ForwardOptions& given) { forward(given, globals); });
}

}  // namespace distilbert::cli
