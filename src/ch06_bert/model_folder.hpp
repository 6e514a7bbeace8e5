#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace distilbert {

/// A model's files. A folder only needs the files that a command reads, so each
/// is asked for by a function that throws where it isn't there.
class ModelFolder {
 public:
  /// Names a folder; doesn't look into it yet.
  explicit ModelFolder(std::filesystem::path folder);

  /// The folder itself.
  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }

  /// config.json. Throws Error where there is none.
  [[nodiscard]] std::filesystem::path config() const;

  /// model.safetensors. Throws Error where there is none, and says so where the
  /// folder has its weights only as pickle files, which are never read (they
  /// can run any program), or in several shards.
  [[nodiscard]] std::filesystem::path weights() const;

  /// vocab.txt. Throws Error where there is none.
  [[nodiscard]] std::filesystem::path vocabulary() const;

  /// tokenizer_config.json, nothing where there is none.
  [[nodiscard]] std::optional<std::filesystem::path> tokenizer_config() const;

 private:
  [[nodiscard]] bool has(const std::string& name) const;

  [[nodiscard]] std::filesystem::path file(const std::string& name) const;

  std::filesystem::path folder_;
};

/// The folder of Hugging Face's cache of models: $HF_HUB_CACHE, else
/// $HF_HOME/hub, else ~/.cache/huggingface/hub.
std::filesystem::path hugging_face_cache();

/// The folder that `model` names: a folder, or a model in Hugging Face's cache
/// ("bert-base-uncased", "org/name"), there the snapshot that its refs/main
/// points to. Nothing is downloaded. Throws Error that names both places where
/// it looked.
ModelFolder find_model(const std::string& model,
                       const std::filesystem::path& cache);

/// The same with hugging_face_cache().
ModelFolder find_model(const std::string& model);

}  // namespace distilbert
