#include "ch07_distilbert/extract_student.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "ch07_distilbert/fold_segment_zero.hpp"
#include "ch07_distilbert/student_name.hpp"
#include "expect_error.hpp"
#include "golden_batch.hpp"
#include "random_matrix.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

LoadedModel<float> open_golden(const std::string& name) {
  return load_model<float>(ModelFolder(golden_path("models/" + name)));
}

const Matrix<float>& value_of(const Model<float>& model,
                              std::string_view name) {
  for (const auto& parameter : model.parameters().parameters()) {
    if (parameter->name == name) {
      return *parameter->value;
    }
  }
  throw std::runtime_error(std::string(name) + " isn't there");
}

LoadedModel<float> extract(
    const Model<float>& teacher,
    const std::vector<std::size_t>& layers,
    SegmentEmbeddings segments = SegmentEmbeddings::kDrop) {
  return extract_student(teacher, layers, segments, 7);
}

PackedBatch single_text() {
  PackedBatch batch;
  batch.ids = {2, 14, 60, 9, 3};
  batch.type_ids = {0, 0, 0, 0, 0};
  batch.positions = {0, 1, 2, 3, 4};
  batch.sequence_offsets = {0, 5};
  return batch;
}

Matrix<float> embeddings_of(const Model<float>& model) {
  return model.body(single_text(), {}, HiddenStates::kAll)
      .hidden_states.front()
      .value();
}

}  // namespace

TEST_CASE("a student has its teacher's tensors under the student's names") {
  const std::vector<std::size_t> layers{2, 0};
  for (const std::string name :
       {"bert_masked_lm", "bert_body", "bert_sequence_classification",
        "bert_token_classification", "bert_question_answering"}) {
    INFO(name);
    const auto teacher = open_golden(name);
    const auto student = extract(*teacher.model, layers);
    REQUIRE(student.model->head() == teacher.model->head());
    REQUIRE(student.model->config().layers == 2);
    REQUIRE(student.model->config().labels == teacher.model->config().labels);
    std::size_t copied = 0;
    for (const auto& parameter : teacher.model->parameters().parameters()) {
      if (const auto own = student_name(parameter->name, layers)) {
        INFO(*own);
        const Matrix<float>& value = value_of(*student.model, *own);
        REQUIRE((value == *parameter->value));
        REQUIRE(value.data() != parameter->value->data());  // copied
        ++copied;
      }
    }
    REQUIRE(copied + student.report.initialized.size() ==
            student.model->parameters().parameters().size());
  }
}

TEST_CASE("only the classifier's first layer is new, with draws of the seed") {
  const auto teacher = open_golden("bert_sequence_classification");
  const auto student = extract(*teacher.model, {0, 2});
  REQUIRE(
      student.report.initialized ==
      std::vector<std::string>{"pre_classifier.weight", "pre_classifier.bias"});
  const auto& weight = value_of(*student.model, "pre_classifier.weight");
  REQUIRE(norm(Matrix<double>(weight)) > 0.1);
  REQUIRE(norm(Matrix<double>(weight)) < 1);  // 24 · 0.02 on average
  REQUIRE(norm(Matrix<double>(
              value_of(*student.model, "pre_classifier.bias"))) == 0);
  const auto again = extract(*teacher.model, {0, 2});
  REQUIRE((value_of(*again.model, "pre_classifier.weight") == weight));
  REQUIRE(extract(*open_golden("bert_masked_lm").model, {0, 2})
              .report.initialized.empty());
}

TEST_CASE("a layer may be taken twice, and each copy is its own") {
  const auto teacher = open_golden("bert_body");
  const auto student = extract(*teacher.model, {1, 1, 1});
  const std::string tail = ".ffn.lin1.weight";
  const auto& expected = value_of(
      *teacher.model, "bert.encoder.layer.1.intermediate.dense.weight");
  for (const char* const layer : {"0", "1", "2"}) {
    REQUIRE(
        (value_of(*student.model, "distilbert.transformer.layer." +
                                      std::string(layer) + tail) == expected));
  }
  REQUIRE(
      value_of(*student.model, "distilbert.transformer.layer.0" + tail)
          .data() !=
      value_of(*student.model, "distilbert.transformer.layer.1" + tail).data());
}

TEST_CASE("layers that the teacher lacks are wrong use; so is none") {
  const auto teacher = open_golden("bert_body");
  REQUIRE_THROWS_AS(extract(*teacher.model, {0, 3}), UsageError);
  REQUIRE_THROWS_AS(extract(*teacher.model, {SIZE_MAX}), UsageError);
  REQUIRE_THROWS_AS(extract(*teacher.model, {}), UsageError);
  expect_error([&] { extract(*teacher.model, {0, 3}); }, {"layer 3", "0 to 2"});
  const auto student = open_golden("distilbert_body");
  expect_error([&] { extract(*student.model, {0}); }, {"DistilBERT", "BERT"});
}

TEST_CASE("segment 0 is added to every word's row") {
  const auto words = random_matrix<float>(5, 3, 1);
  const auto segments = random_matrix<float>(2, 3, 2);
  const Matrix<float> folded = fold_segment_zero(words, segments);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      REQUIRE(folded(i, j) == words(i, j) + segments(0, j));
    }
  }
  REQUIRE_THROWS_AS(fold_segment_zero(words, zeros<float>(2, 4)),
                    std::logic_error);
}

TEST_CASE("with segment 0 folded in, embeddings equal the teacher's") {
  const auto teacher = open_golden("bert_body");
  const Matrix<double> expected(embeddings_of(*teacher.model));
  const auto folded =
      extract(*teacher.model, {0}, SegmentEmbeddings::kFoldZero);
  require_forward_equal(embeddings_of(*folded.model), expected, "folded");
  const auto dropped = extract(*teacher.model, {0});
  const Matrix<double> difference(
      Matrix<double>(embeddings_of(*dropped.model)) - expected);
  REQUIRE(norm(difference) > 1e-4 * norm(expected));
}
