#include "ch06_bert/model_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/error.hpp"
#include "common/printable.hpp"

namespace distilbert {

namespace fs = std::filesystem;

namespace {

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::optional<fs::path> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') {
    return std::nullopt;
  }
  return value;
}

// A name becomes part of a path, so it must not lead out of the cache.
bool is_hub_name(std::string_view model) {
  const auto may_stand_in_a_name = [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') ||
           ('0' <= c && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == '/';
  };
  return !model.empty() && !model.starts_with('/') && !model.ends_with('/') &&
         !model.starts_with('.') &&
         std::count(model.begin(), model.end(), '/') <= 1 &&
         std::all_of(model.begin(), model.end(), may_stand_in_a_name);
}

// "org/name" is kept in the folder models--org--name.
fs::path folder_in_cache(const std::string& model, const fs::path& cache) {
  std::string name = "models--";
  for (const char c : model) {
    name += c == '/' ? "--" : std::string(1, c);
  }
  return cache / name;
}

// What refs/main holds: the name of the snapshot, a hash of the commit.
fs::path snapshot(const fs::path& cached) {
  std::string commit;
  std::ifstream(cached / "refs" / "main") >> commit;
  if (commit.empty() || commit.find('/') != std::string::npos) {
    fail("{}: expected the name of a snapshot, found {}",
         (cached / "refs" / "main").string(),
         commit.empty() ? "none" : printable(commit));
  }
  const fs::path folder = cached / "snapshots" / commit;
  if (!is_folder(folder)) {
    fail("{}: expected the snapshot that refs/main names, found none",
         folder.string());
  }
  return folder;
}

}  // namespace

ModelFolder::ModelFolder(fs::path folder) : folder_(std::move(folder)) {}

bool ModelFolder::has(const std::string& name) const {
  std::error_code ignored;
  return fs::exists(folder_ / name, ignored);
}

fs::path ModelFolder::file(const std::string& name) const {
  if (!has(name)) {
    fail("{}: expected a file {}, found none", folder_.string(), name);
  }
  return folder_ / name;
}

fs::path ModelFolder::config() const {
  return file("config.json");
}

fs::path ModelFolder::vocabulary() const {
  return file("vocab.txt");
}

std::optional<fs::path> ModelFolder::tokenizer_config() const {
  if (!has("tokenizer_config.json")) {
    return std::nullopt;
  }
  return folder_ / "tokenizer_config.json";
}

fs::path ModelFolder::weights() const {
  if (!has("model.safetensors")) {
    if (has("model.safetensors.index.json")) {
      fail(
          "{}: expected the weights in one file model.safetensors, found "
          "shards (model.safetensors.index.json)",
          folder_.string());
    }
    if (has("pytorch_model.bin") || has("pytorch_model.bin.index.json")) {
      fail(
          "{}: expected a file model.safetensors, found only "
          "pytorch_model.bin; pickle files are never read, since they can "
          "run any program (transformers' save_pretrained writes safetensors)",
          folder_.string());
    }
  }
  return file("model.safetensors");
}

fs::path hugging_face_cache() {
  if (const auto cache = environment("HF_HUB_CACHE")) {
    return *cache;
  }
  if (const auto home = environment("HF_HOME")) {
    return *home / "hub";
  }
  const fs::path home = environment("HOME").value_or(".");
  return environment("XDG_CACHE_HOME").value_or(home / ".cache") /
         "huggingface" / "hub";
}

ModelFolder find_model(const std::string& model, const fs::path& cache) {
  if (is_folder(model)) {
    return ModelFolder(model);
  }
  std::error_code ignored;
  if (fs::exists(model, ignored)) {
    fail("{}: expected a model's folder, found a file", model);
  }
  if (!is_hub_name(model)) {
    fail("{}: expected a model's folder, found none", printable(model));
  }
  const fs::path cached = folder_in_cache(model, cache);
  if (!is_folder(cached)) {
    fail(
        "{}: expected a model's folder or a model in Hugging Face's cache, "
        "found neither here nor {} (nothing is downloaded)",
        model, cached.string());
  }
  return ModelFolder(snapshot(cached));
}

ModelFolder find_model(const std::string& model) {
  return find_model(model, hugging_face_cache());
}

}  // namespace distilbert
