#include <fmt/core.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"

namespace distilbert {

namespace {

std::vector<std::string> file_names(const Task& task, Split split) {
  switch (split) {
    case Split::kTrain:
      return task.train_file.empty() ? std::vector<std::string>{}
                                     : std::vector{task.train_file};
    case Split::kDev:
      return task.dev_files;
    case Split::kTest:
      return task.test_files;
  }
  return {};
}

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

// Where the task's files aren't there, and the original one is: that one.
std::filesystem::path original_file(const Task& task,
                                    const std::filesystem::path& folder,
                                    Split split) {
  if (!task.original) {
    return {};
  }
  const std::filesystem::path file =
      folder / (split == Split::kTest ? task.original->test_file
                                      : task.original->train_file);
  return is_file(file) ? file : std::filesystem::path();
}

std::string_view split_name(Split split) {
  return split == Split::kTrain ? "train"
         : split == Split::kDev ? "dev"
                                : "test";
}

}  // namespace

std::vector<std::filesystem::path> split_files(
    const Task& task, const std::filesystem::path& glue, Split split) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : file_names(task, split)) {
    std::filesystem::path file = glue / task.folder / name;
    if (!is_file(file)) {
      const auto original = original_file(task, file.parent_path(), split);
      if (!original.empty()) {
        return {original};
      }
      fail("{}: no such file; {}'s {} split is expected there", file.string(),
           task.display_name, split_name(split));
    }
    files.push_back(std::move(file));
  }
  if (files.empty()) {
    fail("{} has no {} split{}", task.display_name, split_name(split),
         task.custom
             ? fmt::format("; \"{}\" in {} would name its file",
                           split_name(split), task.custom->description.string())
             : "");
  }
  return files;
}

}  // namespace distilbert
