#include <fmt/core.h>
#include <fmt/ranges.h>  // NOLINT(misc-include-cleaner): fmt 11 has join here

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/opened_model.hpp"

namespace distilbert::cli {
namespace {

struct InspectOptions {
  std::string model;
  bool json = false;
};

// 1234567 as "1,234,567".
std::string with_commas(std::size_t number) {
  if (number < 1000) {
    return std::to_string(number);
  }
  return fmt::format("{},{:03}", with_commas(number / 1000), number % 1000);
}

std::size_t elements(const Parameter<float>& parameter) {
  return parameter.value->size();
}

std::size_t total_elements(const Model<float>& model) {
  std::size_t total = 0;
  for (const auto& parameter : model.parameters().parameters()) {
    total += elements(*parameter);
  }
  return total;
}

void print_json(const Model<float>& model) {
  const ModelConfig& config = model.config();
  nlohmann::ordered_json json;
  json["architecture"] = architecture_name(config.kind, model.head());
  json["layers"] = config.layers;
  json["hidden_size"] = config.hidden_size;
  json["heads"] = config.heads;
  json["parameters"] = total_elements(model);
  json["tensors"] = nlohmann::ordered_json::array();
  for (const auto& parameter : model.parameters().parameters()) {
    json["tensors"].push_back(
        {{"name", parameter->name}, {"shape", parameter->shape}});
  }
  std::cout << json.dump() << '\n';
}

void print_configuration(const Model<float>& model, const ModelFolder& folder) {
  const ModelConfig& config = model.config();
  const auto line = [](const char* name, const std::string& value) {
    std::cout << fmt::format("{:<22}{}\n", name, value);
  };
  line("model", folder.path().string());
  line("architecture", architecture_name(config.kind, model.head()));
  line("vocabulary", with_commas(static_cast<std::size_t>(config.vocab_size)));
  line("layers", std::to_string(config.layers));
  line("hidden size",
       fmt::format("{} in {} heads", config.hidden_size, config.heads));
  line("intermediate size", std::to_string(config.intermediate_size));
  line("positions", std::to_string(config.max_positions));
  if (model.head() == HeadKind::kSequenceClassification ||
      model.head() == HeadKind::kTokenClassification) {
    line("labels", fmt::format("{}", fmt::join(config.labels, ", ")));
  }
}

void print_table(const Model<float>& model) {
  std::size_t width = 0;
  for (const auto& parameter : model.parameters().parameters()) {
    width = std::max(width, parameter->name.size());
  }
  std::cout << fmt::format("\n{:<{}}  {:>14}  {:>13}\n", "tensor", width,
                           "shape", "parameters");
  for (const auto& parameter : model.parameters().parameters()) {
    std::cout << fmt::format(
        "{:<{}}  {:>14}  {:>13}\n", parameter->name, width,
        fmt::format("[{}]", fmt::join(parameter->shape, ", ")),
        with_commas(elements(*parameter)));
  }
  const std::size_t total = total_elements(model);
  std::cout << fmt::format(
      "{:<{}}  {:>14}  {:>13}\n", "total", width,
      fmt::format("{:.1f} MB", static_cast<double>(total) * 4 / 1e6),
      with_commas(total));
}

void inspect(const InspectOptions& options) {
  const ModelFolder folder = find_model(options.model);
  const LoadedModel<float> loaded = load_model<float>(folder);
  if (options.json) {
    print_json(*loaded.model);
    return;
  }
  print_configuration(*loaded.model, folder);
  if (!loaded.report.differences.empty()) {
    std::cout << fmt::format("{:<22}{}\n", "in the file",
                             loaded.report.differences);
  }
  print_table(*loaded.model);
}

}  // namespace

void add_inspect(CLI::App& program, Globals& /*globals*/) {
  CLI::App& command = *program.add_subcommand(
      "inspect", "a model's configuration and parameters");
  const auto options = std::make_shared<InspectOptions>();
  add_model_option(command, options->model);
  command.add_flag("--json", options->json, "print it as JSON");
  on_run<InspectOptions>(command, options, inspect);
}

}  // namespace distilbert::cli
