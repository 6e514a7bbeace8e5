#include "ch10_glue/task_description.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/read_examples.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Error;
using distilbert::load_task;
using distilbert::MetricKind;
using distilbert::read_task_description;
using distilbert::Split;
using distilbert::split_files;
using distilbert::Task;
using distilbert::UsageError;
using glue_test::contains;
using glue_test::message_of;
using glue_test::TemporaryFolder;
using nlohmann::ordered_json;
using Names = std::vector<std::string>;

namespace {

// A description that is right, but for the keys that `changes` sets or, with
// null, removes.
ordered_json described(std::string_view changes) {
  ordered_json description = {{"name", "mine"},
                              {"train", "train.csv"},
                              {"text", "sentence"},
                              {"label", "class"},
                              {"labels", {"no", "yes"}}};
  description.merge_patch(ordered_json::parse(changes));
  return description;
}

Task read(std::string_view changes) {
  const TemporaryFolder folder;
  return read_task_description(
      folder.write("my.json", described(changes).dump()));
}

// The error's message without the folder.
std::string error_of(std::string_view changes) {
  const std::string message =
      message_of<Error>([&] { static_cast<void>(read(changes)); });
  CHECK(message.find('\n') == std::string::npos);
  const auto name = message.find("my.json");
  return name == std::string::npos ? message : message.substr(name);
}

}  // namespace

TEST_CASE("a described task has what its description says") {
  const Task task = read(R"({"dev": "d.tsv", "test": "t.jsonl",
                             "text": ["question", "answer"],
                             "metrics": ["f1", "accuracy"]})");
  CHECK(task.name == "mine");
  CHECK(task.display_name == "mine");
  CHECK(task.train_file == "train.csv");
  CHECK(task.dev_files == Names{"d.tsv"});
  CHECK(task.test_files == Names{"t.jsonl"});
  CHECK(task.sentence_columns == Names{"question", "answer"});
  CHECK(task.pairs());
  CHECK(task.label_column == "class");
  CHECK(task.label_names == Names{"no", "yes"});
  CHECK(task.file_labels == Names{"no", "yes"});
  CHECK(task.outputs() == 2);
  CHECK(task.metrics == std::vector{MetricKind::kF1, MetricKind::kAccuracy});
  REQUIRE(task.custom.has_value());
  CHECK(task.custom->header);
  CHECK_FALSE(task.custom->format.has_value());
}

TEST_CASE("a described task is scored by what fits it unless it says more") {
  CHECK(read("{}").metrics == std::vector{MetricKind::kAccuracy});
  const Task task = read(R"({"labels": null, "regression": true})");
  CHECK(task.metrics ==
        std::vector{MetricKind::kPearson, MetricKind::kSpearman});
  CHECK(task.outputs() == 1);
}

TEST_CASE("labels keep the order of the description, not the alphabet's") {
  const Task task =
      read(R"({"labels": {"10": "ten", "9": "nine", "+": "plus"}})");
  CHECK(task.file_labels == Names{"10", "9", "+"});
  CHECK(task.label_names == Names{"ten", "nine", "plus"});
  CHECK(read(R"({"labels": [1, 0, true]})").file_labels ==
        Names{"1", "0", "true"});
}

TEST_CASE("columns without a header are described by their numbers") {
  const Task task = read(R"({"header": false, "text": [2, 0], "label": 1})");
  CHECK(task.sentence_columns == Names{"2", "0"});
  CHECK(task.label_column == "1");
  const std::string wanted =
      ": expected a column's number, as there is no header, found ";
  CHECK(error_of(R"({"header": false, "label": 1})") ==
        "my.json: text" + wanted + "\"sentence\"");
  CHECK(error_of(R"({"header": false, "text": 0, "label": -1})") ==
        "my.json: label" + wanted + "-1");
  CHECK(error_of(R"({"header": false, "text": 0, "label": 1.0})") ==
        "my.json: label" + wanted + "1.0");
}

TEST_CASE("a key that is unknown, missing or of another type is an error") {
  CHECK(contains(error_of(R"({"tekst": "a"})"),
                 "my.json: unknown key \"tekst\", expected one of \"name\", "
                 "\"train\", \"dev\", "));
  for (const auto& [changes, message] :
       std::initializer_list<std::pair<const char*, const char*>>{
           {R"({"name": null})", "name: expected a string, found nothing"},
           {R"({"name": 3})", "name: expected a string, found 3"},
           {R"({"name": "a\nb"})",
            "name: expected 1 to 120 bytes without control characters, found "
            "\"a\\nb\""},
           {R"({"train": ["a"]})", "train: expected a string, found [\"a\"]"},
           {R"({"dev": ""})",
            "dev: expected a text that isn't empty, found \"\""},
           {R"({"format": "xml"})",
            "format: expected \"tsv\", \"csv\", \"json\" or \"jsonl\", found "
            "\"xml\""},
           {R"({"header": "no"})",
            "header: expected true or false, found \"no\""},
           {R"({"format": "csv", "records": "a"})",
            "records: expected no such key unless the format is json, found "
            "\"a\""},
           {R"({"text": null})",
            "text: expected a column's name, found nothing"},
           {R"({"text": 0})", "text: expected a column's name, found 0"},
           {R"({"text": []})",
            "text: expected one column, or two different ones for pairs, found "
            "[]"},
           {R"({"text": ["a", "a"]})",
            "text: expected one column, or two different ones for pairs, found "
            "[\"a\",\"a\"]"},
           {R"({"label": null})",
            "label: expected a column's name, found nothing"},
           {R"({"label": ["a"]})",
            "label: expected a column's name, found [\"a\"]"},
           {R"({"regression": 1})",
            "regression: expected true or false, found 1"}}) {
    CHECK(error_of(changes) == std::string("my.json: ") + message);
  }
}

TEST_CASE("a label that is a text too would be read from the text") {
  CHECK(error_of(R"({"text": "l", "label": "l"})") ==
        "my.json: label: expected a column that isn't a text's, found \"l\"");
  CHECK(error_of(R"({"text": ["a", "l"], "label": "l"})") ==
        "my.json: label: expected a column that isn't a text's, found \"l\"");
}

TEST_CASE("labels that can't be told apart or aren't names are an error") {
  const std::string two =
      "my.json: labels: expected an array or an object of two or more (or "
      "\"regression\": true), found ";
  CHECK(error_of(R"({"labels": null})") == two + "nothing");
  CHECK(error_of(R"({"labels": ["one"]})") == two + "[\"one\"]");
  CHECK(error_of(R"({"labels": "a b"})") == two + "\"a b\"");
  const std::string once =
      "my.json: labels: expected each once, case aside, found ";
  CHECK(error_of(R"({"labels": ["a", "b", "a"]})") == once + R"("a" and "a")");
  CHECK(error_of(R"({"labels": ["may", "b", "May"]})") ==
        once + R"("may" and "May")");
  CHECK(error_of(R"({"labels": [1, "1"]})") == once + R"("1" and "1")");
  CHECK(error_of(R"({"labels": {"0": "a", "1": "a"}})") ==
        once + R"("a" and "a")");
  CHECK(contains(error_of(R"({"labels": ["a", ""]})"), "found \"\""));
  CHECK(contains(error_of(R"({"labels": ["a", "b\tc"]})"), R"(found "b\tc")"));
  CHECK(contains(error_of(R"({"labels": ["a", ["b"]]})"), "found [\"b\"]"));
  CHECK(error_of(R"({"regression": true})") ==
        "my.json: labels: expected no such key beside \"regression\": true, "
        "found [\"no\",\"yes\"]");
}

TEST_CASE("a metric that doesn't fit the task is an error") {
  const std::string of_two =
      "my.json: metrics: expected, for 2 labels, some of \"accuracy\", \"f1\", "
      "\"matthews_correlation\", found ";
  CHECK(error_of(R"({"metrics": ["accuracy", "pearson"]})") ==
        of_two + "\"pearson\"");
  CHECK(error_of(R"({"metrics": ["mcc"]})") == of_two + "\"mcc\"");
  CHECK(error_of(R"({"metrics": [1]})") == of_two + "1");
  for (const std::string metric : {"f1", "matthews_correlation"}) {
    CHECK(error_of(R"({"labels": ["a", "b", "c"], "metrics": [")" + metric +
                   "\"]}") ==
          "my.json: metrics: expected, for 3 labels, some of \"accuracy\", "
          "found \"" +
              metric + "\"");
  }
  CHECK(error_of(R"({"labels": null, "regression": true,
                     "metrics": ["accuracy"]})") ==
        "my.json: metrics: expected, for scores, some of \"pearson\", "
        "\"spearmanr\", found \"accuracy\"");
  CHECK(error_of(R"({"metrics": []})") ==
        "my.json: metrics: expected an array of metrics' names, found []");
  CHECK(error_of(R"({"metrics": ["f1", "f1"]})") ==
        "my.json: metrics: expected each once, found \"f1\" twice");
}

TEST_CASE("a description that isn't one is an error that names the file") {
  const TemporaryFolder folder;
  for (const char* text : {"", "[]", "{", "{}", R"({"name":"a","name":"b"})"}) {
    const auto file = folder.write("my.json", text);
    CHECK(contains(message_of<Error>(
                       [&] { static_cast<void>(read_task_description(file)); }),
                   file.string()));
  }
  const auto none = folder.path() / "none.json";
  CHECK(contains(
      message_of<Error>([&] { static_cast<void>(load_task(none.string())); }),
      none.string()));
}

TEST_CASE("a task's name that ends in .json is a file, any other is GLUE's") {
  const TemporaryFolder folder;
  const auto file = folder.write("sst2.json", described("{}").dump());
  CHECK(load_task(file.string()).name == "mine");
  CHECK(load_task("SST-2").name == "sst2");
  CHECK_FALSE(load_task("sst2").custom.has_value());
  CHECK_THROWS_AS(load_task("mine"), UsageError);
}

TEST_CASE("a described task's files start from a folder, or are absolute") {
  const TemporaryFolder folder;
  const auto train = folder.write("data/train.csv", "");
  const Task task = read("{}");
  CHECK(split_files(task, folder.path() / "data", Split::kTrain) ==
        std::vector{train});
  const Task absolute = read(ordered_json{{"train", train.string()}}.dump());
  CHECK(split_files(absolute, "elsewhere", Split::kTrain) ==
        std::vector{train});
  CHECK(contains(message_of<Error>([&] {
                   static_cast<void>(
                       split_files(task, folder.path(), Split::kTrain));
                 }),
                 "no such file; mine's train split is expected there"));
  CHECK(message_of<Error>([&] {
          static_cast<void>(split_files(task, folder.path(), Split::kDev));
        }) == "mine has no dev split; \"dev\" in " +
                  task.custom->description.string() + " would name its file");
}

TEST_CASE("a description's fingerprint is of what it says, not of its spaces") {
  const TemporaryFolder folder;
  const auto fingerprint = [&](const std::string& text) {
    return read_task_description(folder.write("my.json", text))
        .custom->fingerprint;
  };
  const std::string plain = fingerprint(described("{}").dump());
  CHECK(fingerprint(described("{}").dump(2)) == plain);
  CHECK(fingerprint(described(R"({"labels": ["yes", "no"]})").dump()) != plain);
  CHECK(fingerprint(described(R"({"train": "b.csv"})").dump()) != plain);
  CHECK(
      fingerprint(described(R"({"labels": {"no": "a", "yes": "b"}})").dump()) !=
      fingerprint(described(R"({"labels": {"yes": "b", "no": "a"}})").dump()));
}
