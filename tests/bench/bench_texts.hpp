#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "ch02_tokenizer/tokenizer.hpp"
#include "ch10_glue/task_training.hpp"

namespace distilbert {

/// GLUE's sentences, read and encoded when a request first asks for them.
class BenchTexts {
 public:
  /// `model` is a folder with vocab.txt, `glue` one in the official layout.
  BenchTexts(const std::filesystem::path& model, std::filesystem::path glue)
      : tokenizer_(Tokenizer::from_folder(model)), glue_(std::move(glue)) {}

  /// A task's dev set, or the first 2,048 rows of its train set, in the file's
  /// order, cut to 128 tokens. The reference stays valid.
  const TaskTrainingData& get(const std::string& task, Split split);

  /// The first `rows` of them (all, where there are fewer).
  std::span<const Encoding> first(const std::string& task,
                                  Split split,
                                  std::size_t rows);

 private:
  Tokenizer tokenizer_;
  std::filesystem::path glue_;
  std::map<std::pair<std::string, Split>, TaskTrainingData> texts_;
};

}  // namespace distilbert
