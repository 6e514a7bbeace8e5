#include "ch06_bert/model_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

using distilbert::find_model;
using distilbert::hugging_face_cache;
using distilbert::ModelFolder;

TEST_CASE("a folder's files are found") {
  const TemporaryFolder folder;
  folder.write("m/config.json", "{}");
  folder.write("m/model.safetensors", "x");
  folder.write("m/vocab.txt", "x");
  const auto path = folder.path() / "m";
  const auto model = find_model(path.string(), folder.path() / "cache");
  CHECK(model.path() == path);
  CHECK(model.config() == path / "config.json");
  CHECK(model.weights() == path / "model.safetensors");
  CHECK(model.vocabulary() == path / "vocab.txt");
  CHECK_FALSE(model.tokenizer_config().has_value());
  folder.write("m/tokenizer_config.json", "{}");
  CHECK(model.tokenizer_config() == path / "tokenizer_config.json");
}

TEST_CASE("a model in Hugging Face's cache is found through refs/main") {
  const TemporaryFolder folder;
  const std::string cached = "models--org--tiny-bert";
  folder.write(cached + "/refs/main", "abc123");
  folder.write(cached + "/snapshots/abc123/config.json", "{}");
  folder.write(cached + "/snapshots/older/config.json", "{}");
  const auto model = find_model("org/tiny-bert", folder.path());
  CHECK(model.path() == folder.path() / cached / "snapshots" / "abc123");
  CHECK_NOTHROW(model.config());
  folder.write("models--plain/refs/main", "f00\n");
  folder.write("models--plain/snapshots/f00/config.json", "{}");
  CHECK_NOTHROW(find_model("plain", folder.path()).config());
}

TEST_CASE("a model that is nowhere is named with both places") {
  const TemporaryFolder folder;
  expect_error([&] { find_model("org/none", folder.path()); },
               {"org/none: ", (folder.path() / "models--org--none").string()});
}

TEST_CASE("a broken cache entry is named") {
  const TemporaryFolder folder;
  folder.write("models--no-ref/snapshots/a/config.json", "{}");
  expect_error([&] { find_model("no-ref", folder.path()); },
               {"no-ref/refs/main", "found none"});
  folder.write("models--gone/refs/main", "abc");
  expect_error([&] { find_model("gone", folder.path()); }, {"snapshots/abc"});
  folder.write("models--out/refs/main", "../../..");
  expect_error([&] { find_model("out", folder.path()); }, {"out/refs/main"});
}

TEST_CASE("names that lead out of the cache are no names") {
  const TemporaryFolder folder;
  for (const std::string name :
       {"", "../x", "a/b/c", "/nowhere/at/all", "a b", "x/", "a\nb"}) {
    INFO(name);
    expect_error([&] { find_model(name, folder.path()); },
                 {"expected a model's folder, found none"});
  }
}

TEST_CASE("a file where a folder should be is said so") {
  const TemporaryFolder folder;
  const auto file = folder.write("model.safetensors", "x");
  expect_error([&] { find_model(file.string(), folder.path()); },
               {file.string(), "found a file"});
}

TEST_CASE("files that aren't there are named with the folder") {
  const TemporaryFolder folder;
  const ModelFolder model(folder.path());
  const std::string path = folder.path().string();
  expect_error([&] { (void)model.config(); }, {path, "config.json"});
  expect_error([&] { (void)model.vocabulary(); }, {path, "vocab.txt"});
  expect_error([&] { (void)model.weights(); },
               {path, "model.safetensors, found none"});
  folder.write("pytorch_model.bin", "x");
  expect_error([&] { (void)model.weights(); },
               {path, "pickle files are never read"});
  folder.write("model.safetensors.index.json", "{}");
  expect_error([&] { (void)model.weights(); }, {path, "shards"});
  folder.write("model.safetensors", "x");
  CHECK_NOTHROW(model.weights());
}

TEST_CASE("the cache is where Hugging Face's tools put it") {
  const auto keep = [](const char* name) {
    const char* value = std::getenv(name);
    return std::pair<std::string, std::optional<std::string>>(
        name, value == nullptr ? std::nullopt : std::optional(value));
  };
  const std::vector kept = {keep("HF_HUB_CACHE"), keep("HF_HOME"),
                            keep("XDG_CACHE_HOME"), keep("HOME")};
  for (const auto& variable : kept) {
    ::unsetenv(variable.first.c_str());
  }
  ::setenv("HOME", "/h", 1);
  CHECK(hugging_face_cache() == "/h/.cache/huggingface/hub");
  ::setenv("XDG_CACHE_HOME", "/x", 1);
  CHECK(hugging_face_cache() == "/x/huggingface/hub");
  ::setenv("HF_HOME", "/f", 1);
  CHECK(hugging_face_cache() == "/f/hub");
  ::setenv("HF_HUB_CACHE", "/c", 1);
  CHECK(hugging_face_cache() == "/c");
  for (const auto& [name, value] : kept) {
    if (value) {
      ::setenv(name.c_str(), value->c_str(), 1);
    } else {
      ::unsetenv(name.c_str());
    }
  }
}
