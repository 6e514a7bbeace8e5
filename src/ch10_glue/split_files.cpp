#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
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
    const std::filesystem::path file = glue / task.folder / name;
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
      fail("{}: no such file; {}'s {} split is expected there", file.string(),
           task.display_name, split_name(split));
    }
    files.push_back(file);
  }
  if (files.empty()) {
    fail("{} has no {} split", task.display_name, split_name(split));
  }
  return files;
}

}  // namespace distilbert
