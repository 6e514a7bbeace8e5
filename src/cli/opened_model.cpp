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

OpenedModel open_model(const std::string& name, const LoadOptions& options) {
  ModelFolder folder = find_model(name);
  Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  LoadedModel<float> loaded = load_model<float>(folder, options);
  check_vocabulary(tokenizer, loaded.model->config(), folder);
  return {std::move(folder), std::move(tokenizer), std::move(loaded.model)};
}

void add_model_option(CLI::App& command, std::string& model) {
  command
      .add_option("--model", model,
                  "a model folder, or a name in Hugging Face's cache")
      ->required();
}

void add_max_length_option(CLI::App& command,
                           std::optional<std::size_t>& max_length) {
  command
      .add_option("--max-length", max_length,
                  "cut texts to so many tokens, special ones included")
      ->check(CLI::PositiveNumber);
}

}  // namespace distilbert::cli
