#include "ch06_bert/plan_loading.hpp"

#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch06_bert/describe_plan.hpp"
#include "ch06_bert/head_from_tensors.hpp"

using distilbert::describe;
using distilbert::ExpectedParameter;
using distilbert::head_from_tensors;
using distilbert::HeadKind;
using distilbert::LoadingPlan;
using distilbert::NamedShape;
using distilbert::plan_loading;

namespace {

using Names = std::vector<std::string>;
using Sources = std::vector<std::optional<std::size_t>>;

// A masked language model in three parameters.
const std::vector<ExpectedParameter> kModel = {
    {"bert.embeddings.word_embeddings.weight",
     {11, 8},
     false,
     {"cls.predictions.decoder.weight"}},
    {"bert.embeddings.LayerNorm.weight", {8}, false, {}},
    {"cls.predictions.bias", {11}, true, {"cls.predictions.decoder.bias"}},
};

const std::vector<NamedShape> kFile = {
    {"bert.embeddings.LayerNorm.weight", {8}},
    {"bert.embeddings.word_embeddings.weight", {11, 8}},
    {"cls.predictions.bias", {11}},
};

// kFile with one tensor's name changed.
std::vector<NamedShape> renamed(std::size_t tensor, const std::string& name) {
  auto file = kFile;
  file[tensor].name = name;
  return file;
}

// kFile with one more tensor.
std::vector<NamedShape> with(const std::string& name,
                             const std::vector<std::size_t>& shape) {
  auto file = kFile;
  file.push_back({name, shape});
  return file;
}

void check_complete(const LoadingPlan& plan, const Sources& sources) {
  CHECK(plan.sources == sources);
  CHECK(plan.fills_the_body());
  INFO(describe(plan));
  CHECK(describe(plan).empty());
}

}  // namespace

TEST_CASE("tensors fill the parameters of their names, in any order") {
  check_complete(plan_loading(kModel, kFile), {1, 0, 2});
}

TEST_CASE("a file without the prefix fills a model with it") {
  auto file = kFile;
  file[0].name = "embeddings.LayerNorm.weight";
  file[1].name = "embeddings.word_embeddings.weight";
  check_complete(plan_loading(kModel, file), {1, 0, 2});
}

TEST_CASE("a file with the prefix fills a model without it") {
  const std::vector<ExpectedParameter> body = {
      {"embeddings.word_embeddings.weight", {11, 8}, false, {}},
      {"embeddings.LayerNorm.weight", {8}, false, {}}};
  const auto plan = plan_loading(body, kFile);
  CHECK(plan.sources == Sources{1, 0});
  CHECK(plan.unused == Names{"cls.predictions.bias"});
  const std::vector<NamedShape> student = {
      {"distilbert.embeddings.LayerNorm.weight", {8}},
      {"distilbert.embeddings.word_embeddings.weight", {11, 8}}};
  check_complete(plan_loading(body, student), {1, 0});
}

TEST_CASE("a head has no prefix to lack") {
  const auto plan =
      plan_loading(kModel, renamed(2, "bert.cls.predictions.bias"));
  CHECK(plan.missing_head == Names{"cls.predictions.bias"});
  CHECK(plan.unused == Names{"bert.cls.predictions.bias"});
}

TEST_CASE("a bare body's pooler fills a classifier's") {
  const std::vector<ExpectedParameter> classifier = {
      {"bert.pooler.dense.weight", {8, 8}, true, {}},
      {"classifier.weight", {2, 8}, true, {}},
  };
  const std::vector<NamedShape> body = {{"pooler.dense.weight", {8, 8}}};
  const LoadingPlan plan = plan_loading(classifier, body);
  CHECK(plan.sources == Sources{0, std::nullopt});
  CHECK(plan.missing_head == Names{"classifier.weight"});
}

TEST_CASE("old names of layer norms are understood") {
  const std::vector<ExpectedParameter> norm = {
      {"bert.embeddings.LayerNorm.weight", {8}, false, {}},
      {"bert.embeddings.LayerNorm.bias", {8}, false, {}},
      {"cls.predictions.transform.LayerNorm.bias", {8}, true, {}}};
  const std::vector<NamedShape> file = {
      {"embeddings.LayerNorm.beta", {8}},
      {"embeddings.LayerNorm.gamma", {8}},
      {"cls.predictions.transform.LayerNorm.beta", {8}}};
  check_complete(plan_loading(norm, file), {1, 0, 2});
}

TEST_CASE("a tensor of exactly the wanted name goes before all others") {
  const auto plan = plan_loading(
      kModel, {{{"embeddings.LayerNorm.weight", {8}},
                {"bert.embeddings.LayerNorm.gamma", {8}},
                {"bert.embeddings.LayerNorm.weight", {8}},
                {"embeddings.word_embeddings.weight", {11, 8}},
                {"bert.embeddings.word_embeddings.weight", {11, 8}},
                {"cls.predictions.bias", {11}}}});
  CHECK(plan.sources == Sources{4, 2, 5});
  CHECK(plan.unexpected == Names{"embeddings.LayerNorm.weight",
                                 "bert.embeddings.LayerNorm.gamma",
                                 "embeddings.word_embeddings.weight"});
}

TEST_CASE("tied copies and the buffer of positions are nobody's loss") {
  check_complete(
      plan_loading(kModel, with("cls.predictions.decoder.weight", {11, 8})),
      {1, 0, 2});
  check_complete(
      plan_loading(kModel, with("cls.predictions.decoder.bias", {11})),
      {1, 0, 2});
  check_complete(
      plan_loading(kModel, with("bert.embeddings.position_ids", {1, 512})),
      {1, 0, 2});
  check_complete(
      plan_loading(kModel, with("embeddings.position_ids", {1, 512})),
      {1, 0, 2});
}

TEST_CASE("a weight may stand under the name of its tied twin only") {
  check_complete(
      plan_loading(kModel, renamed(1, "cls.predictions.decoder.weight")),
      {1, 0, 2});
  check_complete(
      plan_loading(kModel, renamed(2, "cls.predictions.decoder.bias")),
      {1, 0, 2});
}

TEST_CASE("everything that doesn't fit is listed at once") {
  const std::vector<NamedShape> file = {
      {"bert.embeddings.word_embeddings.weight", {8, 11}},
      {"classifier.weight", {2, 8}},
      {"bert.pooler.dense.weight", {8, 8}},
      {"bert.encoder.layer.7.output.dense.bias", {8}}};
  const auto plan = plan_loading(kModel, file);
  CHECK_FALSE(plan.fills_the_body());
  CHECK(plan.sources == Sources{std::nullopt, std::nullopt, std::nullopt});
  CHECK(plan.missing == Names{"bert.embeddings.LayerNorm.weight"});
  CHECK(plan.missing_head == Names{"cls.predictions.bias"});
  CHECK(plan.unused == Names{"classifier.weight", "bert.pooler.dense.weight"});
  CHECK(plan.unexpected == Names{"bert.encoder.layer.7.output.dense.bias"});
  REQUIRE(plan.misshapen.size() == 1);
  CHECK(plan.misshapen[0].parameter ==
        "bert.embeddings.word_embeddings.weight");
  CHECK(describe(plan) ==
        "1 missing (bert.embeddings.LayerNorm.weight); 1 of another shape "
        "(bert.embeddings.word_embeddings.weight: expected [11, 8], found "
        "[8, 11]); 1 unexpected (bert.encoder.layer.7.output.dense.bias); 1 of "
        "the head missing (cls.predictions.bias); 2 of other heads unused "
        "(classifier.weight, bert.pooler.dense.weight)");
}

TEST_CASE("a missing head leaves the body whole, a misshapen one doesn't") {
  auto file = kFile;
  file.pop_back();
  const auto plan = plan_loading(kModel, file);
  CHECK(plan.fills_the_body());
  CHECK(plan.missing_head == Names{"cls.predictions.bias"});
  file.push_back({"cls.predictions.bias", {12}});
  CHECK_FALSE(plan_loading(kModel, file).fills_the_body());
}

TEST_CASE("a shape of the same size isn't the same shape") {
  auto file = kFile;
  file[0].shape = {1, 8};
  CHECK(plan_loading(kModel, file).misshapen.size() == 1);
}

TEST_CASE("an empty file lacks everything") {
  const auto plan = plan_loading(kModel, {});
  CHECK(plan.missing.size() == 2);
  CHECK(plan.missing_head.size() == 1);
}

TEST_CASE("hostile names are described harmlessly and not without end") {
  std::vector<NamedShape> file(10'000, {"\n\x1b[2J", {1}});
  const std::string message = describe(plan_loading({}, file));
  CHECK(message.find('\n') == std::string::npos);
  CHECK(message.find('\x1b') == std::string::npos);
  CHECK(message.find("10000 unexpected") != std::string::npos);
  CHECK(message.size() < 10'000);
}

TEST_CASE("a head is recognised by its tensors") {
  const auto head = [](const Names& names) { return head_from_tensors(names); };
  CHECK(head({"bert.pooler.dense.weight"}) == HeadKind::kNone);
  CHECK(head({"classifier.weight", "bert.pooler.dense.weight"}) ==
        HeadKind::kSequenceClassification);
  CHECK(head({"classifier.weight", "pre_classifier.weight"}) ==
        HeadKind::kSequenceClassification);
  CHECK(head({"classifier.weight", "classifier.bias"}) ==
        HeadKind::kTokenClassification);
  CHECK(head({"qa_outputs.weight"}) == HeadKind::kQuestionAnswering);
  CHECK(head({"vocab_transform.weight"}) == HeadKind::kMaskedLm);
  CHECK(head({"cls.predictions.transform.dense.weight",
              "bert.pooler.dense.weight"}) == HeadKind::kMaskedLm);
}
