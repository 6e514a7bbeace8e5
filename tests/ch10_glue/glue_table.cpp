#include "ch10_glue/glue_table.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/glue_result.hpp"
#include "common/error.hpp"
#include "glue_test.hpp"

using distilbert::Evaluation;
using distilbert::glue_curves_tsv;
using distilbert::glue_rows;
using distilbert::glue_table_json;
using distilbert::glue_table_markdown;
using distilbert::GlueResult;
using distilbert::GlueResults;
using distilbert::macro_average;
using distilbert::Metric;
using glue_test::contains;

namespace {

GlueResult result(const std::string& task,
                  std::uint64_t seed,
                  const std::vector<Metric>& first,
                  const std::vector<Metric>& last) {
  std::vector<Metric> majority = last;
  for (Metric& metric : majority) {
    metric.value = 0.5;
  }
  return {.task = task,
          .seed = seed,
          .train_rows = 8,
          .skipped_rows = 2,
          .seconds = 1.5,
          .identity = {{"task", task}, {"epochs", "2"}},
          .majority = {task, 4, majority},
          .losses = {0.5, 0.25},
          .epochs = {{task, 4, first}, {task, 4, last}}};
}

GlueResult rte(std::uint64_t seed, double accuracy) {
  return result("rte", seed, {{"accuracy", 1.0}}, {{"accuracy", accuracy}});
}

GlueResult mrpc(std::uint64_t seed, double accuracy, double f1) {
  return result("mrpc", seed, {{"accuracy", 0.0}, {"f1", 0.0}},
                {{"accuracy", accuracy}, {"f1", f1}});
}

}  // namespace

TEST_CASE("rows come in GLUE's order with the last epoch of each seed") {
  const GlueResults results{
      .model = {rte(2, 0.75), rte(1, 0.25), mrpc(1, 0.5, 0.875)},
      .teacher = {}};
  const auto rows = glue_rows(results);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].task == "mrpc");
  CHECK(rows[1].metric == "f1");
  CHECK(rows[2].task == "rte");
  CHECK(rows[2].model == std::vector{0.25, 0.75});
  CHECK(rows[3].task == "average");
}

TEST_CASE("the average is of a task's metrics first, then of the tasks") {
  const std::vector results = {mrpc(1, 0.5, 0.75), rte(1, 0.25)};
  CHECK(macro_average(results) == std::vector{(0.625 + 0.25) / 2});
}

TEST_CASE("the average has the seeds that all tasks have") {
  const std::vector results = {rte(1, 0.5), rte(2, 0.25), mrpc(2, 0.5, 1.0)};
  CHECK(macro_average(results) == std::vector{(0.75 + 0.25) / 2});
}

TEST_CASE("beside a teacher the average is of the tasks that both have") {
  const GlueResults results{
      .model = {rte(1, 0.5), mrpc(1, 0.25, 0.25)},
      .teacher = {rte(1, 0.75), mrpc(1, 0.5, 0.5),
                  result("wnli", 1, {{"accuracy", 1.0}}, {{"accuracy", 1.0}})}};
  const auto rows = glue_rows(results);
  CHECK(rows.back().task == "average");
  CHECK(rows.back().model == std::vector{0.375});
  CHECK(rows.back().teacher == std::vector{0.625});
  const GlueResults one_shared{.model = {rte(1, 0.5)},
                               .teacher = {rte(1, 0.75), mrpc(1, 0.5, 0.5)}};
  CHECK(glue_rows(one_shared).back().task == "rte");
}

TEST_CASE("rows that aren't GLUE's are said below the table") {
  GlueResult some = rte(1, 0.5);
  CHECK(
      contains(glue_table_markdown({.model = {some}, .teacher = {}}),
               "|\n\n- RTE: 8 of the 2490 rows of train, 4 of the 277 rows of "
               "dev, malformed rows of train skipped: 2\n"));
  some.train_rows = 2490;
  some.skipped_rows = 0;
  some.epochs.back().rows = 300;
  CHECK(contains(glue_table_markdown({.model = {}, .teacher = {some}}),
                 "\n- RTE: 300 rows of dev, where GLUE has 277\n"));
  some.epochs.back().rows = 277;
  CHECK_FALSE(
      contains(glue_table_markdown({.model = {some}, .teacher = {}}), "- RTE"));
}

TEST_CASE("the table shows mean, deviation and what was published") {
  const GlueResults results{.model = {rte(1, 0.5), rte(2, 0.75)},
                            .teacher = {}};
  const std::string table = glue_table_markdown(results);
  CHECK(contains(
      table, "| RTE | accuracy | 2 | 50.0 | 62.5 ± 17.7 | 59.9 | 69.3 |\n"));
  CHECK_FALSE(contains(table, "teacher"));
}

TEST_CASE("a single seed has no deviation, and what isn't defined a dash") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const GlueResults results{
      .model = {result("stsb", 1, {{"pearson", nan}}, {{"pearson", nan}})},
      .teacher = {}};
  CHECK(contains(glue_table_markdown(results),
                 "| STS-B | pearson | 1 | 50.0 | – | 86.9 | 89.0 |\n"));
}

TEST_CASE("beside a teacher stands the share that the model retains") {
  const GlueResults results{
      .model = {rte(1, 0.5), rte(2, 0.5), rte(3, 0.5)},
      .teacher = {rte(1, 0.625), rte(2, 0.625), rte(3, 0.625)}};
  CHECK(contains(glue_table_markdown(results),
                 "| 50.0 ± 0.0 | 62.5 ± 0.0 | 80.0 | 0.100 | 59.9 |"));
  const auto json = nlohmann::json::parse(glue_table_json(results));
  CHECK(json.at(0).at("retained") == 0.8);
  CHECK(json.at(0).at("teacher").at("seeds").size() == 3);
}

TEST_CASE("two seeds a side are too few for a p") {
  const GlueResults results{.model = {rte(1, 0.5), rte(2, 0.5)},
                            .teacher = {rte(1, 1.0), rte(2, 1.0)}};
  CHECK(contains(glue_table_markdown(results), "| 50.0 | – |"));
  CHECK_FALSE(
      nlohmann::json::parse(glue_table_json(results)).at(0).contains("p"));
}

TEST_CASE("a seed whose metric isn't defined leaves no p") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const GlueResults results{.model = {rte(1, nan), rte(2, 0.5), rte(3, 0.5)},
                            .teacher = {rte(1, 1.0), rte(2, 1.0), rte(3, 1.0)}};
  CHECK_FALSE(
      nlohmann::json::parse(glue_table_json(results)).at(0).contains("p"));
}

TEST_CASE("where the model is a seed behind its teacher the table says so") {
  const GlueResults results{.model = {rte(1, 0.5)},
                            .teacher = {rte(1, 1.0), rte(2, 1.0)}};
  CHECK(contains(glue_table_markdown(results), "| RTE | accuracy | 1/2 |"));
}

TEST_CASE("a share of a teacher that knows nothing isn't printed") {
  const GlueResults results{.model = {rte(1, 0.5)}, .teacher = {rte(1, 0.0)}};
  CHECK_FALSE(nlohmann::json::parse(glue_table_json(results))
                  .at(0)
                  .contains("retained"));
}

TEST_CASE("curves hold the losses and the metrics of each epoch") {
  GlueResults results{.model = {rte(7, 0.25)}, .teacher = {rte(7, 0.75)}};
  CHECK(contains(glue_curves_tsv(results),
                 "model\trte\t7\tloss\t1\t0.5\n"
                 "model\trte\t7\tloss\t2\t0.25\n"
                 "model\trte\t7\taccuracy\t1\t1\n"
                 "model\trte\t7\taccuracy\t2\t0.25\n"
                 "teacher\trte"));
  // Of many steps, means of stretches that cover them all.
  results.model[0].losses.assign(999, 2.0);
  const std::string table = glue_curves_tsv(results);
  CHECK(contains(table, "model\trte\t7\tloss\t5\t2\n"));
  CHECK(contains(table, "model\trte\t7\tloss\t999\t2\n"));
  CHECK_FALSE(contains(table, "model\trte\t7\tloss\t4\t"));
}

TEST_CASE("a result comes back from its file as it was") {
  const glue_test::TemporaryFolder folder;
  GlueResult written = mrpc(3, 0.1, 0.2);
  written.majority.metrics[1].value = std::numeric_limits<double>::quiet_NaN();
  const GlueResult read = distilbert::read_glue_result(
      folder.write("result.json", distilbert::to_json(written)));
  CHECK(read.task == "mrpc");
  CHECK(read.seed == 3);
  CHECK(read.train_rows == 8);
  CHECK(read.skipped_rows == 2);
  CHECK(read.seconds == 1.5);
  CHECK(read.identity == written.identity);
  written.seconds.reset();
  CHECK_FALSE(distilbert::read_glue_result(
                  folder.write("resumed.json", distilbert::to_json(written)))
                  .seconds);
  CHECK(read.losses == written.losses);
  REQUIRE(read.epochs.size() == 2);
  CHECK(read.epochs[1].metrics[1].value == 0.2);
  CHECK(std::isnan(read.majority.metrics[1].value));
}

TEST_CASE("what isn't a result is an error with the file's name") {
  const glue_test::TemporaryFolder folder;
  const std::string good = distilbert::to_json(rte(1, 0.5));
  const auto error = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    const auto file = folder.write("result.json", text);
    return glue_test::message_of<distilbert::Error>(
        [&] { static_cast<void>(distilbert::read_glue_result(file)); });
  };
  CHECK(contains(error("\"seed\":1", "\"seed\":-1"), "result.json: seed"));
  CHECK(contains(error("[0.5,0.25]", "[0.5,\"x\"]"), "result.json: losses"));
  CHECK(contains(error("\"accuracy\":0.5", "\"accuracy\":\"x\""),
                 "result.json: metrics: accuracy"));
  CHECK(contains(error("\"losses\"", "\"losse\""), "result.json: losses"));
  CHECK(contains(error("[\"epochs\",\"2\"]", "[\"epochs\",2]"),
                 "result.json: identity: expected pairs of strings"));
}
