#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"

namespace distilbert {

/// Gathers one file's examples, as strictly as its split asks. Refers to the
/// task, which must outlive it.
class ExampleCollector {
 public:
  /// `unit` is what an example's `line` counts, "line" or "record"; it must
  /// outlive all examples.
  ExampleCollector(const Task& task,
                   std::filesystem::path file,
                   Split split,
                   std::string_view unit);

  /// The task whose labels count.
  [[nodiscard]] const Task& task() const { return *task_; }

  /// The file that is being read.
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  /// The split that the file is of.
  [[nodiscard]] Split split() const { return split_; }

  /// What an example's `line` counts.
  [[nodiscard]] std::string_view unit() const { return unit_; }

  /// Takes an example, and its class or score from `label` as the file spells
  /// it; none in the test split. Throws Error, naming the file and the line, if
  /// the task has no such label.
  void add(Example example, std::optional<std::string_view> label);

  /// Takes note of a record whose form is wrong: "line 7: a NUL byte". Throws
  /// Error, with the file's name before that, in any split but train.
  void refuse(std::string what);

  /// What was gathered; throws Error if no example was.
  [[nodiscard]] Dataset finish() &&;

 private:
  const Task* task_;
  std::filesystem::path file_;
  Split split_;
  std::string_view unit_;
  Dataset dataset_;
};

}  // namespace distilbert
