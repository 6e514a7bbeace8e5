#include "ch10_glue/original_rows.hpp"

#include <filesystem>
#include <string>

#include "catch.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Dataset;
using distilbert::Error;
using distilbert::find_task;
using distilbert::read_examples;
using distilbert::Split;
using distilbert::split_files;
using distilbert::Task;
using glue_test::contains;
using glue_test::message_of;
using glue_test::TemporaryFolder;

namespace {

constexpr const char* kHeader = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n";

// A folder with Microsoft's files only; dev is the second row and the fourth.
void write_original(const TemporaryFolder& folder, const std::string& rows) {
  static_cast<void>(
      folder.write("MRPC/msr_paraphrase_train.txt", kHeader + rows));
  static_cast<void>(folder.write("MRPC/dev_ids.tsv", "3\t4\n4\t3\n"));
}

Dataset read(const TemporaryFolder& folder, Split split) {
  const Task& task = find_task("mrpc");
  return read_examples(task, split_files(task, folder.path(), split).front(),
                       split);
}

}  // namespace

TEST_CASE("Microsoft's file of MRPC is cut into train and dev by its ids") {
  const TemporaryFolder folder;
  write_original(folder,
                 "1\t1\t2\ta\tb\n"
                 "0\t3\t4\tc\td\n"
                 "1\t3\t5\te\tf\n"
                 "1\t4\t3\tg\th\n");
  const Dataset train = read(folder, Split::kTrain);
  REQUIRE(train.examples.size() == 2);
  CHECK(train.examples[0].text == "a");
  CHECK(train.examples[1].second == "f");
  const Dataset dev = read(folder, Split::kDev);
  REQUIRE(dev.examples.size() == 2);
  CHECK(dev.examples[0].label == 0);
  CHECK(dev.examples[1].text == "g");
  CHECK(dev.examples[1].line == 5);
}

TEST_CASE("Microsoft's file of MRPC without all of dev's rows is an error") {
  const TemporaryFolder folder;
  write_original(folder, "0\t3\t4\tc\td\n1\t3\t5\te\tf\n");
  CHECK(contains(
      message_of<Error>([&] { static_cast<void>(read(folder, Split::kDev)); }),
      "1 row of the 2 that dev_ids.tsv names"));
}

TEST_CASE("a list of ids that isn't there, or isn't one, is an error") {
  const TemporaryFolder folder;
  write_original(folder, "0\t3\t4\tc\td\n");
  const auto error = [&] {
    return message_of<Error>(
        [&] { static_cast<void>(read(folder, Split::kTrain)); });
  };
  static_cast<void>(folder.write("MRPC/dev_ids.tsv", "3\t4\n5\n"));
  CHECK(contains(error(),
                 "dev_ids.tsv, line 2: 1 field, expected a pair of ids"));
  std::filesystem::remove(folder.path() / "MRPC/dev_ids.tsv");
  CHECK(contains(error(), "dev_ids.tsv"));
}

TEST_CASE("GLUE's own files are read where they lie beside Microsoft's") {
  const TemporaryFolder folder;
  write_original(folder, "0\t3\t4\tc\td\n");
  const auto own = folder.write("MRPC/dev.tsv", kHeader);
  CHECK(split_files(find_task("mrpc"), folder.path(), Split::kDev).front() ==
        own);
}

TEST_CASE("Microsoft's files of MRPC give the very examples of GLUE's") {
  const auto glue = glue_test::data_folder() / "glue" / "MRPC";
  if (!std::filesystem::exists(glue)) {
    WARN("skipped: " << glue.string() << " isn't there");
    return;
  }
  const Task& task = find_task("mrpc");
  for (const Split split : {Split::kTrain, Split::kDev}) {
    const Dataset original =
        read_examples(task, glue / task.original->train_file, split);
    const Dataset official =
        read_examples(task,
                      glue / (split == Split::kTrain ? task.train_file
                                                     : task.dev_files.front()),
                      split);
    REQUIRE(original.examples.size() == official.examples.size());
    for (std::size_t i = 0; i < official.examples.size(); ++i) {
      INFO("row " << i);
      CHECK(original.examples[i].text == official.examples[i].text);
      CHECK(original.examples[i].second == official.examples[i].second);
      CHECK(original.examples[i].label == official.examples[i].label);
    }
  }
  CHECK(read_examples(task, glue / task.original->test_file, Split::kTest)
            .examples.size() == 1725);
}
