#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "catch.hpp"
#include "ch02_tokenizer/tokenizer.hpp"
#include "ch10_glue/encode_examples.hpp"
#include "ch10_glue/evaluation.hpp"
#include "ch10_glue/read_examples.hpp"
#include "ch10_glue/task_description.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Dataset;
using distilbert::describe_skipped;
using distilbert::Error;
using distilbert::read_examples;
using distilbert::read_task_description;
using distilbert::Split;
using distilbert::Task;
using glue_test::contains;
using glue_test::message_of;
using glue_test::TemporaryFolder;

namespace {

constexpr const char* kClasses =
    R"("text": "text", "label": "label", "labels": {"0": "no", "1": "yes"})";
constexpr const char* kPairs =
    R"("text": ["a", "b"], "label": "label", "labels": ["0", "1"])";
constexpr const char* kScores =
    R"("text": "text", "label": "label", "regression": true)";

struct File {
  const char* name;
  std::string_view content;
};

Dataset read(std::string_view keys, Split split, const File& file) {
  const TemporaryFolder folder;
  const Task task = read_task_description(folder.write(
      "my.json", "{\"name\": \"mine\", " + std::string(keys) + "}"));
  return read_examples(task, folder.write(file.name, file.content), split);
}

// The error's message without the folder.
std::string error_of(std::string_view keys, Split split, const File& file) {
  const std::string message =
      message_of<Error>([&] { static_cast<void>(read(keys, split, file)); });
  CHECK(message.find('\n') == std::string::npos);
  const auto name = message.find(file.name);
  return name == std::string::npos ? message : message.substr(name);
}

std::string with(std::string_view keys, std::string_view more) {
  return std::string(keys) + ", " + std::string(more);
}

}  // namespace

TEST_CASE("a CSV file's records become examples with text, class and line") {
  const Dataset data =
      read(kClasses, Split::kDev,
           {"d.csv", "id,label,text\r\n7,1,\"so,\n\"\"so\"\"\"\r\n8,0,\r\n"});
  REQUIRE(data.examples.size() == 2);
  CHECK(data.examples[0].text == "so,\n\"so\"");
  CHECK(data.examples[0].label == 1);
  CHECK(data.examples[1].text.empty());
  CHECK(data.examples[1].line == 4);
}

TEST_CASE("the same records read alike from all four formats") {
  const Dataset wanted =
      read(kPairs, Split::kTrain, {"d.tsv", "a\tb\tlabel\nx, y\tz\t1\n"});
  REQUIRE(wanted.examples.size() == 1);
  CHECK(wanted.examples[0].second == "z");
  for (const File& file :
       {File{"d.csv", "b,a,label\nz,\"x, y\",1\n"},
        File{"d.json", R"([{"b": "z", "label": 1, "a": "x, y"}])"},
        File{"d.jsonl", "{\"b\": \"z\", \"label\": \"1\", \"a\": \"x, y\"}"}}) {
    INFO(file.name);
    const Dataset data = read(kPairs, Split::kTrain, file);
    REQUIRE(data.examples.size() == 1);
    CHECK(data.examples[0].text == wanted.examples[0].text);
    CHECK(data.examples[0].second == wanted.examples[0].second);
    CHECK(data.examples[0].label == wanted.examples[0].label);
  }
}

TEST_CASE("a file's format is the description's, or else its extension's") {
  CHECK(read(with(kClasses, R"("format": "csv")"), Split::kDev,
             {"d.tsv", "text,label\na,1\n"})
            .examples.size() == 1);
  CHECK(contains(
      error_of(kClasses, Split::kDev, {"d.dat", "text,label\na,1\n"}),
      "d.dat: expected a name that ends in .tsv, .csv, .json or .jsonl, or "
      "\"format\" in "));
}

TEST_CASE("columns of a table without a header go by their numbers") {
  const std::string keys =
      R"("header": false, "text": [2, 1], "label": 0, "labels": ["x", "y"])";
  for (const File& file : {File{"d.csv", "y,a,b\nx,c,\"d\"\n"},
                           File{"d.tsv", "y\ta\tb\nx\tc\td\n"}}) {
    const Dataset data = read(keys, Split::kDev, file);
    REQUIRE(data.examples.size() == 2);
    CHECK(data.examples[0].text == "b");
    CHECK(data.examples[0].second == "a");
    CHECK(data.examples[0].label == 1);
    CHECK(data.examples[1].text == "d");
  }
  CHECK(error_of(keys, Split::kDev, {"d.csv", "y,a\n"}) ==
        "d.csv: no column \"2\", found \"0\", \"1\"");
  CHECK(error_of(keys, Split::kDev, {"d.csv", "y,a,b\nx,\"a\n\nb\"\n"}) ==
        "d.csv, line 2: 2 fields, expected 3");
}

TEST_CASE("malformed CSV records are skipped in train and an error in dev") {
  const std::string_view text =
      "text,label\n\"a\nb\",1,2\nc\nd,0\ne,\"\"\"\n1\",x\n";
  CHECK(describe_skipped(read(kClasses, Split::kTrain, {"d.csv", text}), "d") ==
        "skipped 3 rows of d (line 2: 3 fields, expected 2; line 4: 1 field, "
        "expected 2; line 6: 3 fields, expected 2)");
  CHECK(error_of(kClasses, Split::kDev, {"d.csv", text}) ==
        "d.csv, line 2: 3 fields, expected 2");
  CHECK(error_of(kClasses, Split::kTrain, {"d.csv", "text,label\na,\"1\n"}) ==
        "d.csv, line 2: a quoted field that never ends");
  CHECK(error_of(kClasses, Split::kTrain,
                 {"d.csv", "text,label\n\"\n\",1\na,2\n"}) ==
        "d.csv, line 4: label \"2\", expected one of \"0\", \"1\"");
  CHECK(contains(error_of(kClasses, Split::kTrain,
                          {"d.csv", "text,label\n\"\n\xFF\",1\n"}),
                 "d.csv, line 3: the text isn't valid UTF-8"));
}

TEST_CASE("an array of a JSON object is found by the key that is described") {
  const File file = {
      "d.json",
      R"({"a": [{"text": "x", "label": 0}], "b": [{"text": "y", "label": 1},
         {"idx": 2, "text": "z", "label": 1}], "c": 3})"};
  const Dataset data =
      read(with(kClasses, R"("records": "b")"), Split::kDev, file);
  REQUIRE(data.examples.size() == 2);
  CHECK(data.examples[0].text == "y");
  CHECK(data.examples[1].line == 2);
  CHECK(data.examples[1].unit == "record");
  CHECK(error_of(with(kClasses, R"("records": "d")"), Split::kDev, file) ==
        R"(d.json: no key "d", found "a", "b", "c")");
  CHECK(error_of(with(kClasses, R"("records": "c")"), Split::kDev, file) ==
        "d.json: c: expected an array of records, found 3");
  CHECK(contains(error_of(kClasses, Split::kDev, file),
                 "d.json: expected an array of records, or \"records\" in the "
                 "task's description, found {"));
  CHECK(error_of(with(kClasses, R"("records": "b")"), Split::kDev,
                 {"d.json", "[]"}) ==
        "d.json: expected a JSON object, found []");
}

TEST_CASE("labels of JSON are compared as they are spelled") {
  const std::string keys =
      R"("text": "t", "label": "l", "labels": ["1", "1.5", "true", "yes"])";
  const Dataset data = read(
      keys, Split::kDev, {"d.json", R"([{"t": "", "l": 1}, {"t": "", "l": "1"},
                          {"t": "", "l": 1.5}, {"t": "", "l": true},
                          {"t": "", "l": "yes"}])"});
  REQUIRE(data.examples.size() == 5);
  CHECK(data.examples[0].label == 0);
  CHECK(data.examples[1].label == 0);
  CHECK(data.examples[2].label == 1);
  CHECK(data.examples[3].label == 2);
  CHECK(data.examples[4].label == 3);
  for (const char* bad : {"1.0", "-1", "false", "\"Yes\"", "\"\""}) {
    const std::string text = R"([{"t": "", "l": )" + std::string(bad) + "}]";
    for (const Split split : {Split::kTrain, Split::kDev}) {
      CHECK(contains(error_of(keys, split, {"d.json", text}),
                     "d.json, record 1: label \""));
    }
  }
}

TEST_CASE("malformed JSON records are skipped in train and an error in dev") {
  const std::string text = R"([{"text": "fine", "label": 1}, 3,
      {"label": 1}, {"text": 5, "label": 1}, {"text": "a"},
      {"text": "a", "label": null}, {"text": "a\u0000", "label": 1}])";
  const Dataset data = read(kClasses, Split::kTrain, {"d.json", text});
  CHECK(data.examples.size() == 1);
  CHECK(data.skipped == 6);
  CHECK(describe_skipped(data, "d") ==
        "skipped 6 rows of d (record 2: expected a JSON object, found 3; "
        "record 3: text: expected a string, found nothing; record 4: text: "
        "expected a string, found 5; ...)");
  CHECK(error_of(kClasses, Split::kDev, {"d.json", text}) ==
        "d.json, record 2: expected a JSON object, found 3");
  const std::string label =
      "label: expected a string, a number or a truth value, found ";
  for (const auto& [record, wrong] :
       {std::pair<std::string, std::string>{R"({"text": "a"})",
                                            label + "nothing"},
        {R"({"text": "a", "label": null})", label + "null"},
        {R"({"text": "a", "label": [1]})", label + "[1]"},
        {R"({"text": "a\u0000", "label": 1})", "text: a NUL byte"}}) {
    CHECK(error_of(kClasses, Split::kDev, {"d.json", "[" + record + "]"}) ==
          "d.json, record 1: " + wrong);
  }
  CHECK(read(kClasses, Split::kTest, {"d.json", R"([{"text": "a"}])"})
            .examples.front()
            .label == -1);
}

TEST_CASE("malformed JSON lines are skipped in train and an error in dev") {
  const std::string_view text =
      "{\"text\": \"a\", \"label\": 1}\r\n\n{\"text\": \"b\"\n"
      "{\"text\": \"c\", \"label\": 0} {}\n{\"text\": \"d\", \"label\": 0}";
  const Dataset data = read(kClasses, Split::kTrain, {"d.jsonl", text});
  REQUIRE(data.examples.size() == 2);
  CHECK(data.skipped == 2);
  CHECK(data.examples[1].line == 5);
  CHECK(data.examples[1].unit == "line");
  CHECK(data.first_skipped.at(0).starts_with(
      "line 3: column 13: expected JSON, found "));
  CHECK(error_of(kClasses, Split::kDev, {"d.jsonl", text})
            .starts_with("d.jsonl, line 3: column 13: expected JSON, found "));
  CHECK(error_of(kClasses, Split::kDev,
                 {"d.jsonl", R"({"text": "", "text": ""})"}) ==
        "d.jsonl, line 1: column 14: expected each key once, found \"text\" "
        "twice in one object");
}

TEST_CASE("JSON that isn't UTF-8 is an error that names the line") {
  const std::string good = R"({"text": "a", "label": 1})";
  const std::string latin = "{\"text\": \"caf\xE9\", \"label\": 0}";
  const std::string lines = good + "\n" + latin + "\n";
  const std::string array = "[" + good + ",\n" + latin + "]";
  for (const Split split : {Split::kTrain, Split::kDev, Split::kTest}) {
    for (const File& file : {File{"d.jsonl", lines}, File{"d.json", array}}) {
      CHECK(error_of(kClasses, split, file)
                .starts_with(std::string(file.name) +
                             ", line 2: the text isn't valid UTF-8: byte 14 "));
    }
  }
}

TEST_CASE("a byte order mark before JSON is dropped and costs no record") {
  const std::string mark = "\xEF\xBB\xBF";
  const std::string record = R"({"text": "a", "label": 1})";
  const std::string lines = mark + record + "\n" + record + "\n";
  const std::string array = mark + "[" + record + ", " + record + "]";
  for (const Split split : {Split::kTrain, Split::kDev, Split::kTest}) {
    for (const File& file : {File{"d.jsonl", lines}, File{"d.json", array}}) {
      INFO(file.name);
      const Dataset data = read(kClasses, split, file);
      REQUIRE(data.examples.size() == 2);
      CHECK(data.examples[0].text == "a");
      CHECK(data.examples[0].line == 1);
      CHECK(data.skipped == 0);
    }
  }
  CHECK(error_of(kClasses, Split::kTrain, {"d.jsonl", mark}) ==
        "d.jsonl: no rows");
}

TEST_CASE("JSON that is broken, deep, or empty is an error") {
  for (const Split split : {Split::kTrain, Split::kDev}) {
    CHECK(contains(error_of(kClasses, split, {"d.json", "[{]"}),
                   "d.json: line 1, column 3: expected JSON"));
    CHECK(contains(
        error_of(kClasses, split, {"d.json", std::string(100000, '[')}),
        "at most 64 levels"));
    CHECK(contains(error_of(kClasses, split, {"d.json", ""}), "d.json: "));
    CHECK(error_of(kClasses, split, {"d.json", "[]"}) == "d.json: no rows");
    CHECK(error_of(kClasses, split, {"d.jsonl", ""}) == "d.jsonl: no rows");
    CHECK(error_of(kClasses, split, {"d.csv", "\n"}) ==
          "d.csv: the file is empty");
  }
}

TEST_CASE("a described task's scores are any finite numbers") {
  const Dataset data =
      read(kScores, Split::kDev, {"d.json", R"([{"text": "", "label": -12.5},
                          {"text": "", "label": 1e3}, {"text": "", "label": "7"}
                         ])"});
  REQUIRE(data.examples.size() == 3);
  CHECK(data.examples[0].score == -12.5F);
  CHECK(data.examples[1].score == 1000.0F);
  CHECK(data.examples[2].score == 7.0F);
  for (const char* bad : {"nan", "inf", "1e39", "1e999", "", "true", "1,5"}) {
    const std::string text = "text\tlabel\na\t" + std::string(bad) + "\n";
    CHECK(error_of(kScores, Split::kTrain, {"d.tsv", text}) ==
          "d.tsv, line 2: score \"" + std::string(bad) +
              "\", expected a number");
  }
}

TEST_CASE("predictions of a described task are spelled as in its files") {
  const TemporaryFolder folder;
  const Task task = read_task_description(
      folder.write("my.json",
                   R"({"name": "mine", "text": "t", "label": "l",
          "labels": {"-": "negative", "+": "positive"}})"));
  CHECK(predictions_tsv(task, {.labels = {1, 0}, .scores = {}}) ==
        "index\tprediction\n0\t+\n1\t-\n");
}

TEST_CASE("a text that can't be encoded is named by its line or record") {
  const TemporaryFolder folder;
  static_cast<void>(folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n"));
  const auto tokenizer = distilbert::Tokenizer::from_folder(folder.path());
  const auto error = [&](const File& file) {
    const Dataset data = read(kClasses, Split::kDev, file);
    return message_of<Error>([&] {
      static_cast<void>(encode_examples(tokenizer, data.examples, 1));
    });
  };
  CHECK(error({"d.json", R"([{"text": "a", "label": 1}])"})
            .starts_with("record 1: "));
  CHECK(error({"d.csv", "text,label\na,1\n"}).starts_with("line 2: "));
}

TEST_CASE("the small tasks that come with the project can all be read") {
  const auto folder = glue_test::source_folder() / "data/mini-tasks";
  const auto rows = [&](const char* name, Split split) {
    const Task task = read_task_description(folder / name);
    return read_examples(task, split_files(task, folder, split).front(), split)
        .examples;
  };
  const auto train = rows("reviews.json", Split::kTrain);
  REQUIRE(train.size() == 40);
  CHECK(train[5].text == "It leaks.\nNot much, but into the socket.");
  CHECK(train[5].label == 0);
  CHECK(train[6].line == 9);
  CHECK(rows("reviews.json", Split::kDev).size() == 20);
  CHECK(rows("adversarial_reviews.json", Split::kDev).size() == 6);
  const auto pairs = rows("adversarial_inference.json", Split::kDev);
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[2].label == 2);
  CHECK(pairs[2].second == "The lamp is silent , and yes is yes.");
}
