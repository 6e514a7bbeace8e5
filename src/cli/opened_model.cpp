#include "cli/opened_model.hpp"

#include "common/error.hpp"

namespace distilbert::cli {

void check_vocabulary(const Tokenizer& tokenizer,
                      const ModelConfig& config,
                      const ModelFolder& folder) {
  const std::size_t tokens = tokenizer.vocabulary().size();
  if (tokens > static_cast<std::size_t>(config.vocab_size)) {
    fail("{}: {} tokens, and the model has embeddings for {}",
         folder.vocabulary().string(), tokens, config.vocab_size);
  }
}

OpenedModel open_model(const ModelChoice& choice, const LoadOptions& options) {
  ModelFolder folder = find_model(choice.name);
  Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  LoadedModel<float> loaded = load_model<float>(folder, options);
  check_vocabulary(tokenizer, loaded.model->config(), folder);
  use_fast_pieces(loaded, choice.precision);
  return {std::move(folder), std::move(tokenizer), std::move(loaded.model)};
}

void add_model_option(CLI::App& command, std::string& model) {
  command
      .add_option("--model", model,
                  "a model folder, or a name in Hugging Face's cache")
      ->required();
}

void add_model_choice(CLI::App& command, ModelChoice& choice) {
  add_model_option(command, choice.name);
  command
      .add_option_function<std::string>(
          "--precision",
          [&choice](const std::string& name) {
            choice.precision =
                name == "int8" ? Precision::kInt8 : Precision::kFloat32;
          },
          "float32, or int8: faster and less exact")
      ->check(CLI::IsMember({"float32", "int8"}));
}

void add_max_length_option(CLI::App& command,
                           std::optional<std::size_t>& max_length) {
  command
      .add_option("--max-length", max_length,
                  "cut texts to so many tokens, special ones included")
      ->check(CLI::PositiveNumber);
}

}  // namespace distilbert::cli
