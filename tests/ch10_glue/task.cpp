#include "ch10_glue/task.hpp"

#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::find_task;
using distilbert::glue_tasks;
using distilbert::Task;
using distilbert::UsageError;
using Names = std::vector<std::string>;

TEST_CASE("a task is found under every spelling of its name") {
  for (const char* name : {"sst2", "SST-2", "sst-2", "SST2", "sst_2"}) {
    CHECK(find_task(name).name == "sst2");
  }
  for (const Task& task : glue_tasks()) {
    CHECK(&find_task(task.name) == &task);
    CHECK(&find_task(task.display_name) == &task);
  }
}

TEST_CASE("an unknown task is wrong usage, and the names are listed") {
  for (const char* name : {"sst", "", "sst2 ", "imdb"}) {
    CHECK_THROWS_AS(find_task(name), UsageError);
  }
  CHECK(glue_test::message_of<UsageError>(
            [] { static_cast<void>(find_task("im\ndb")); }) ==
        "unknown task \"im\\x0adb\", expected one of cola, sst2, mrpc, stsb, "
        "qqp, mnli, qnli, rte, wnli, ax");
}

TEST_CASE("the table of tasks is whole") {
  std::set<std::string> names;
  for (const Task& task : glue_tasks()) {
    INFO(task.name);
    names.insert(task.name);
    CHECK(task.file_labels.size() == task.label_names.size());
    CHECK(task.regression == task.label_names.empty());
    CHECK((task.sentence_columns.size() == 1 ||
           task.sentence_columns.size() == 2));
    CHECK_FALSE(task.test_files.empty());
    CHECK(task.metrics.empty() == (task.name == "ax"));
    CHECK(task.train_file.empty() == (task.name == "ax"));
  }
  CHECK(names.size() == 10);
}

TEST_CASE("classes are in the order of the datasets package") {
  CHECK(find_task("cola").label_names == Names{"unacceptable", "acceptable"});
  CHECK(find_task("sst2").label_names == Names{"negative", "positive"});
  CHECK(find_task("mrpc").label_names == Names{"not_equivalent", "equivalent"});
  CHECK(find_task("qqp").label_names == Names{"not_duplicate", "duplicate"});
  CHECK(find_task("mnli").label_names ==
        Names{"entailment", "neutral", "contradiction"});
  CHECK(find_task("ax").label_names == find_task("mnli").label_names);
  CHECK(find_task("qnli").label_names == Names{"entailment", "not_entailment"});
  CHECK(find_task("rte").label_names == Names{"entailment", "not_entailment"});
  CHECK(find_task("wnli").label_names == Names{"not_entailment", "entailment"});
  CHECK(find_task("stsb").outputs() == 1);
  CHECK(find_task("mnli").outputs() == 3);
}
