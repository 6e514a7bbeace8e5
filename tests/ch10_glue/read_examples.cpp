#include "ch10_glue/read_examples.hpp"

#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Dataset;
using distilbert::describe_skipped;
using distilbert::Error;
using distilbert::find_task;
using distilbert::read_examples;
using distilbert::Split;
using distilbert::split_files;
using glue_test::contains;
using glue_test::message_of;
using glue_test::TemporaryFolder;

namespace {

Dataset read(std::string_view task, Split split, std::string_view content) {
  const TemporaryFolder folder;
  return read_examples(find_task(task), folder.write("f.tsv", content), split);
}

// The error's message without the folder.
std::string error_of(std::string_view task,
                     Split split,
                     std::string_view content) {
  const std::string message =
      message_of<Error>([&] { static_cast<void>(read(task, split, content)); });
  const auto name = message.find("f.tsv");
  CHECK(message.find('\n') == std::string::npos);
  return name == std::string::npos ? message : message.substr(name);
}

}  // namespace

TEST_CASE("a train file's rows become examples with text, class and line") {
  const Dataset data = read("sst2", Split::kTrain,
                            "sentence\tlabel\nit 's good \t1\n\"bad\t0\n");
  REQUIRE(data.examples.size() == 2);
  CHECK(data.examples[0].text == "it 's good ");
  CHECK_FALSE(data.examples[0].second.has_value());
  CHECK(data.examples[0].label == 1);
  CHECK(std::isnan(data.examples[0].score));
  CHECK(data.examples[1].text == "\"bad");
  CHECK(data.examples[1].label == 0);
  CHECK(data.examples[1].line == 3);
  CHECK(data.skipped == 0);
  CHECK(describe_skipped(data, "f").empty());
}

TEST_CASE("columns are found by name, wherever they stand") {
  const Dataset data = read(
      "mrpc", Split::kDev,
      "\xEF\xBB\xBFQuality\t#2 String\tx\t#1 String\n1\tsecond\t?\tfirst\n");
  REQUIRE(data.examples.size() == 1);
  CHECK(data.examples[0].text == "first");
  CHECK(data.examples[0].second == "second");
  CHECK(data.examples[0].label == 1);
}

TEST_CASE("CoLA's train and dev files have no header, its test file has one") {
  const Dataset dev = read("cola", Split::kDev, "gj04\t0\t*\tHe slept her.");
  REQUIRE(dev.examples.size() == 1);
  CHECK(dev.examples[0].text == "He slept her.");
  CHECK(dev.examples[0].label == 0);
  CHECK(dev.examples[0].line == 1);
  const Dataset test =
      read("cola", Split::kTest, "index\tsentence\n0\tBill.\n");
  REQUIRE(test.examples.size() == 1);
  CHECK(test.examples[0].text == "Bill.");
  CHECK(test.examples[0].label == -1);
}

TEST_CASE("named labels become classes in the datasets package's order") {
  const Dataset data = read("mnli", Split::kDev,
                            "sentence1\tsentence2\tgold_label\n"
                            "a\tb\tcontradiction\na\tb\tentailment\n"
                            "a\tb\tneutral\n");
  REQUIRE(data.examples.size() == 3);
  CHECK(data.examples[0].label == 2);
  CHECK(data.examples[1].label == 0);
  CHECK(data.examples[2].label == 1);
}

TEST_CASE("scores are float32 numbers from 0 to 5") {
  const Dataset data =
      read("stsb", Split::kDev,
           "sentence1\tsentence2\tscore\na\tb\t0\na\tb\t5.000\na\tb\t3.8\n");
  REQUIRE(data.examples.size() == 3);
  CHECK(data.examples[0].score == 0.0F);
  CHECK(data.examples[1].score == 5.0F);
  CHECK(data.examples[2].score == 3.8F);
  CHECK(data.examples[2].label == -1);
  for (const std::string bad : {"5.001", "-0.1", "nan", "inf", "", "four",
                                "3.8x", " 3", "1e999", "0x1"}) {
    INFO(bad);
    const std::string rows =
        "sentence1\tsentence2\tscore\na\tb\t1\na\tb\t" + bad + "\n";
    for (const Split split : {Split::kTrain, Split::kDev}) {
      CHECK(error_of("stsb", split, rows) ==
            "f.tsv, line 3: score \"" + bad +
                "\", expected a number from 0 to 5");
    }
  }
}

TEST_CASE(
    "in train, malformed rows are skipped, counted, and three are named") {
  std::string content = "sentence\tlabel\n";
  content += "fine\t1\n";
  content += "no label\n";
  content += "two\ttabs\t1\n";
  content += std::string("nul\0byte\t1\n", 11);
  content += "\n";
  content += "also fine\t0\n";
  const Dataset data = read("sst2", Split::kTrain, content);
  REQUIRE(data.examples.size() == 2);
  CHECK(data.examples[1].line == 7);
  CHECK(data.skipped == 4);
  CHECK(describe_skipped(data, "train.tsv") ==
        "skipped 4 rows of train.tsv (line 3: 1 field, expected 2; line 4: 3 "
        "fields, expected 2; line 5: a NUL byte; ...)");
}

TEST_CASE("in dev and test, a malformed row is an error that names its line") {
  for (const Split split : {Split::kDev, Split::kTest}) {
    CHECK(error_of("sst2", split, "sentence\tlabel\na\t1\nb\n") ==
          "f.tsv, line 3: 1 field, expected 2");
    CHECK(error_of("sst2", split,
                   std::string_view("sentence\tlabel\nb\0\t1\n", 20)) ==
          "f.tsv, line 2: a NUL byte");
  }
  CHECK(error_of("cola", Split::kDev, "gj04\t1\tBill.\n") ==
        "f.tsv, line 1: 3 fields, expected 4");
}

TEST_CASE("an unknown label is an error in train and dev") {
  for (const std::string bad : {"2", "-1", "", "01", "positive", "1 "}) {
    for (const Split split : {Split::kTrain, Split::kDev}) {
      CHECK(error_of("sst2", split, "sentence\tlabel\na\t" + bad + "\n") ==
            "f.tsv, line 2: label \"" + bad +
                "\", expected one of \"0\", \"1\"");
    }
  }
  CHECK(error_of("mnli", Split::kTrain,
                 "sentence1\tsentence2\tgold_label\na\tb\t-\n") ==
        "f.tsv, line 2: label \"-\", expected one of \"entailment\", "
        "\"neutral\", \"contradiction\"");
}

TEST_CASE("a missing column is an error that lists the columns found") {
  CHECK(error_of("sst2", Split::kDev, "index\tsentence\n0\ta\n") ==
        "f.tsv: no column \"label\", found \"index\", \"sentence\"");
  CHECK(error_of("mrpc", Split::kTest, "index\t#1 String\n") ==
        "f.tsv: no column \"#2 String\", found \"index\", \"#1 String\"");
  CHECK(error_of("sst2", Split::kDev, "sentence\tlabel\tlabel\na\t1\t0\n") ==
        "f.tsv: column \"label\" is there twice");
}

TEST_CASE("a header of a hundred thousand long columns is one short error") {
  std::string header;
  for (int i = 0; i < 100000; ++i) {
    header += std::string(100, 'x') + "\t";
  }
  const std::string message = error_of("sst2", Split::kDev, header + "\n");
  CHECK(message.size() < 2000);
  CHECK(contains(message, "99981 more"));
}

TEST_CASE("a file without rows is an error") {
  for (const Split split : {Split::kTrain, Split::kDev, Split::kTest}) {
    CHECK(error_of("sst2", split, "") == "f.tsv: the file is empty");
    CHECK(error_of("sst2", split, "\xEF\xBB\xBF") ==
          "f.tsv: the file is empty");
    CHECK(error_of("sst2", split, "sentence\tlabel\n") == "f.tsv: no rows");
  }
  CHECK(error_of("cola", Split::kTrain, "") == "f.tsv: the file is empty");
  CHECK(contains(error_of("sst2", Split::kTrain, "sentence\tlabel\na\nb\n"),
                 "f.tsv: no rows; skipped 2 rows of "));
}

TEST_CASE("a file that isn't UTF-8 is an error that names the line") {
  for (const Split split : {Split::kTrain, Split::kDev, Split::kTest}) {
    CHECK(contains(
        error_of("sst2", split, "sentence\tlabel\na\t1\nfianc\xE9\t0\n"),
        "f.tsv, line 3: the text isn't valid UTF-8"));
    CHECK(contains(
        error_of("sst2", split, "sentence\tlabel\n\xED\xA0\x80\t1\na\t0\n"),
        "f.tsv, line 2: "));
  }
  const std::string utf16("\xFF\xFEs\0e\0n\0\n\0", 10);
  CHECK(contains(error_of("sst2", Split::kDev, utf16), "f.tsv, line 1: "));
}

TEST_CASE("a file with Windows line ends reads like the same file without") {
  const Dataset data =
      read("stsb", Split::kDev, "sentence1\tsentence2\tscore\r\na\tb\t2.5\r\n");
  REQUIRE(data.examples.size() == 1);
  CHECK(data.examples[0].score == 2.5F);
  const Dataset cola = read("cola", Split::kTrain, "x\t1\t\tBill slept.\r\n");
  CHECK(cola.examples.at(0).text == "Bill slept.");
}

TEST_CASE("an empty text is a text") {
  const Dataset data = read("sst2", Split::kDev, "sentence\tlabel\n\t1\n");
  REQUIRE(data.examples.size() == 1);
  CHECK(data.examples[0].text.empty());
}

TEST_CASE("a file that isn't there or is a folder is an error with its name") {
  const TemporaryFolder folder;
  for (const auto& path : {folder.path(), folder.path() / "none.tsv"}) {
    const std::string message = message_of<Error>([&] {
      static_cast<void>(read_examples(find_task("sst2"), path, Split::kDev));
    });
    CHECK(contains(message, path.string()));
  }
}

TEST_CASE("a split's files are where the official layout has them") {
  const TemporaryFolder folder;
  static_cast<void>(folder.write("SST-2/train.tsv", ""));
  static_cast<void>(folder.write("MNLI/dev_matched.tsv", ""));
  const auto files =
      split_files(find_task("sst2"), folder.path(), Split::kTrain);
  REQUIRE(files.size() == 1);
  CHECK(files[0] == folder.path() / "SST-2/train.tsv");
  const auto error = [&](const char* task, Split split) {
    return message_of<Error>([&] {
      static_cast<void>(split_files(find_task(task), folder.path(), split));
    });
  };
  CHECK(error("mnli", Split::kDev) ==
        (folder.path() / "MNLI/dev_mismatched.tsv").string() +
            ": no such file; MNLI's dev split is expected there");
  static_cast<void>(folder.write("MNLI/dev_mismatched.tsv", ""));
  CHECK(split_files(find_task("mnli"), folder.path(), Split::kDev).size() == 2);
  CHECK(error("ax", Split::kTrain) == "AX has no train split");
  CHECK(error("ax", Split::kDev) == "AX has no dev split");
}
