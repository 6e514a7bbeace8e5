#include "ch10_glue/label_permutation.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/task.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Error;
using distilbert::find_task;
using distilbert::label_permutation;
using distilbert::match_labels;
using glue_test::contains;
using glue_test::message_of;
using Names = std::vector<std::string>;
using Order = std::vector<std::size_t>;

namespace {

const Names kMnli = {"entailment", "neutral", "contradiction"};

}  // namespace

TEST_CASE("labels in the task's order stay where they are") {
  CHECK(label_permutation(kMnli, kMnli) == Order{0, 1, 2});
}

TEST_CASE("MNLI's other order is told apart from its inverse") {
  // entailment is the model's 1, neutral its 2, contradiction its 0.
  const Names google = {"contradiction", "entailment", "neutral"};
  CHECK(label_permutation(google, kMnli) == Order{1, 2, 0});
}

TEST_CASE("label names are compared without regard to case") {
  CHECK(label_permutation(Names{"POSITIVE", "Negative"},
                          Names{"negative", "positive"}) == Order{1, 0});
}

TEST_CASE("LABEL_0 and so on stand for the task's own order") {
  CHECK(label_permutation(Names{"LABEL_0", "LABEL_1", "LABEL_2"}, kMnli) ==
        Order{0, 1, 2});
  CHECK(label_permutation(Names{"LABEL_2", "LABEL_0", "LABEL_1"}, kMnli) ==
        Order{1, 2, 0});
}

TEST_CASE("labels that don't match are an error that lists both sides") {
  const std::string message = message_of<Error>([] {
    static_cast<void>(label_permutation(Names{"toxic", "fine"},
                                        Names{"negative", "positive"}));
  });
  for (const char* name : {"toxic", "fine", "negative", "positive"}) {
    CHECK(contains(message, name));
  }
  CHECK_THROWS_AS(label_permutation(Names{"positive", "positive"},
                                    Names{"negative", "positive"}),
                  Error);
  CHECK_THROWS_AS(label_permutation(Names{"LABEL_0", "positive"},
                                    Names{"negative", "positive"}),
                  Error);
  CHECK_THROWS_AS(label_permutation(Names{"LABEL_0", "LABEL_1"}, kMnli), Error);
  CHECK_THROWS_AS(label_permutation(Names{}, kMnli), Error);
}

TEST_CASE("a mismatch stays one line whatever the names hold") {
  const std::string message = message_of<Error>([] {
    static_cast<void>(label_permutation(Names{"a\nb", std::string(9999, 'x')},
                                        Names{"negative", "positive"}));
  });
  CHECK_FALSE(contains(message, "\n"));
  CHECK(message.size() < 300);
}

TEST_CASE("a model must have as many labels as the task") {
  CHECK(match_labels(find_task("stsb"), Names{"LABEL_0"}) == Order{0});
  CHECK(match_labels(find_task("sst2"), Names{"positive", "negative"}) ==
        Order{1, 0});
  const std::string message = message_of<Error>([] {
    static_cast<void>(
        match_labels(find_task("stsb"), Names{"LABEL_0", "LABEL_1"}));
  });
  CHECK(message == "the model has 2 labels, STS-B needs 1");
  CHECK_THROWS_AS(match_labels(find_task("mnli"), Names{"LABEL_0", "LABEL_1"}),
                  Error);
}
