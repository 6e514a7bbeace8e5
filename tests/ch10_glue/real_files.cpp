#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"
#include "ch10_glue/task_description.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Dataset;
using distilbert::Example;
using distilbert::find_task;
using distilbert::read_examples;
using distilbert::read_task_description;
using distilbert::Split;
using distilbert::Task;

namespace {

Split split_of(const std::string& name) {
  return name == "train" ? Split::kTrain
         : name == "dev" ? Split::kDev
                         : Split::kTest;
}

// As file_golden of generate_glue.py hashes them.
std::string hash_of(const Task& task, const Dataset& data) {
  std::uint64_t state = glue_test::kFnv1aStart;
  for (const Example& example : data.examples) {
    std::string line = example.text + "\x1f";
    line += example.second ? *example.second + "\x1f" : "";
    if (task.regression && example.score == example.score) {
      line += fmt::format("{:.3f}", example.score);
    } else if (example.label >= 0) {
      line += std::to_string(example.label);
    }
    state = glue_test::fnv1a(line + "\n", state);
  }
  return fmt::format("{:016x}", state);
}

std::vector<std::size_t> count_labels(const Task& task, const Dataset& data) {
  std::vector<std::size_t> counts(task.label_names.size());
  for (const Example& example : data.examples) {
    ++counts.at(static_cast<std::size_t>(example.label));
  }
  return counts;
}

void check_file(const Task& task,
                const std::filesystem::path& path,
                const nlohmann::json& file) {
  const Dataset data =
      read_examples(task, path, split_of(file["split"].get<std::string>()));
  INFO(path.string());
  CHECK(data.examples.size() == file["rows"].get<std::size_t>());
  CHECK(data.skipped == 0);
  if (!file["labels"].empty()) {
    CHECK(count_labels(task, data) ==
          file["labels"].get<std::vector<std::size_t>>());
  }
  CHECK(hash_of(task, data) == file["fnv1a"].get<std::string>());
}

void check_file(const std::filesystem::path& path, const nlohmann::json& file) {
  check_file(find_task(file["task"].get<std::string>()), path, file);
}

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string with_windows_line_ends(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '\n' ? "\r\n" : std::string(1, c);
  }
  return result;
}

}  // namespace

TEST_CASE("the real GLUE files hold what Python's csv reader finds in them") {
  const auto glue = glue_test::data_folder() / "glue";
  const nlohmann::json golden = glue_test::read_golden("files.json");
  for (const nlohmann::json& file : golden["files"]) {
    const auto path = glue / file["file"].get<std::string>();
    if (!std::filesystem::exists(path)) {
      WARN("skipped: " << path.string() << " isn't there");
      continue;
    }
    check_file(path, file);
  }
  CHECK(golden["files"].size() == 25);
}

TEST_CASE("the real GLUE files under Windows line ends read the same") {
  const auto glue = glue_test::data_folder() / "glue";
  if (!std::filesystem::exists(glue)) {
    WARN("skipped: " << glue.string() << " isn't there");
    return;
  }
  const glue_test::TemporaryFolder folder;
  const nlohmann::json golden = glue_test::read_golden("files.json");
  std::size_t checked = 0;
  for (const nlohmann::json& file : golden["files"]) {
    const auto path = glue / file["file"].get<std::string>();
    if (file["split"] != "dev" || !std::filesystem::exists(path)) {
      continue;
    }
    check_file(folder.write("f.tsv", with_windows_line_ends(read_bytes(path))),
               file);
    ++checked;
  }
  CHECK(checked > 0);
}

TEST_CASE("real files of users' tasks hold what Python's csv reader finds") {
  const glue_test::TemporaryFolder folder;
  const nlohmann::ordered_json golden =
      nlohmann::ordered_json::parse(read_bytes(
          glue_test::source_folder() / "tests/golden/glue/custom_files.json"));
  for (const auto& entry : golden["tasks"]) {
    const Task task = read_task_description(
        folder.write("task.json", entry["description"].dump()));
    for (const auto& file : entry["files"]) {
      const auto path =
          glue_test::data_folder() / file["file"].get<std::string>();
      if (!std::filesystem::exists(path)) {
        WARN("skipped: " << path.string() << " isn't there");
        continue;
      }
      check_file(task, path, file);
    }
  }
  CHECK(golden["tasks"].size() == 3);
}

TEST_CASE("a file with one annotator's labels isn't taken for MNLI's gold") {
  const auto path = glue_test::data_folder() /
                    "glue/MNLI/dev_mismatched.single-annotator.tsv";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path.string() << " isn't there");
    return;
  }
  CHECK(glue_test::contains(
      glue_test::message_of<distilbert::Error>([&] {
        static_cast<void>(read_examples(find_task("mnli"), path, Split::kDev));
      }),
      "no column \"gold_label\", found \"index\", \"sentence1\", "
      "\"sentence2\", \"label_single_annotator\""));
}
