// A pass that ends in the rows that the head reads gives the logits, and trains
// the weights, of one that computes all of them.

#include <cmath>
#include <string>
#include <vector>

#include "ch06_bert/pooler.hpp"
#include "ch07_distilbert/load_model.hpp"
#include "golden_batch.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

struct Recorded {
  ModelOutput<double> output;
  Gradients<double> gradients;
};

// In double, where the two passes differ by nothing but rounding.
Recorded record(const Model<double>& model,
                const PackedBatch& batch,
                const DropoutSource* dropout,
                HiddenStates hidden_states) {
  Tape<double> tape;
  Recorded result{
      model.forward(batch, {.tape = &tape, .dropout = dropout}, hidden_states),
      {}};
  tape.backward(weighted_total(*result.output.logits), result.gradients);
  return result;
}

const std::vector<std::string> kClassifiers{
    "models/bert_sequence_classification",
    "models/distilbert_sequence_classification"};

}  // namespace

TEST_CASE("the rows that a classifier reads are the first of each text") {
  for (const std::string& name : kClassifiers) {
    INFO(name);
    const auto loaded = load_model<double>(ModelFolder(golden_path(name)));
    const PackedBatch batch = batch_of(Goldens(name + "/expected.safetensors"));
    const auto all = loaded.model->forward(batch, {}, HiddenStates::kLast);
    const auto read = loaded.model->forward(batch, {}, HiddenStates::kRead);
    require_forward_equal(read.logits->value(), all.logits->value(), "logits");
    require_forward_equal(read.last_hidden_state().value(),
                          first_tokens(all.last_hidden_state(), batch).value(),
                          "hidden states");
  }
}

TEST_CASE("gradients don't tell whether rows that nobody reads were computed") {
  const DropoutSource dropout{.seed = 7, .step = 3};
  for (const std::string& name : kClassifiers) {
    INFO(name);
    const auto loaded = load_model<double>(ModelFolder(golden_path(name)));
    const PackedBatch batch = batch_of(Goldens(name + "/expected.safetensors"));
    const Recorded all =
        record(*loaded.model, batch, &dropout, HiddenStates::kLast);
    const Recorded read =
        record(*loaded.model, batch, &dropout, HiddenStates::kRead);
    require_forward_equal(read.output.logits->value(),
                          all.output.logits->value(), "logits");
    const auto& parameters = loaded.model->parameters().parameters();
    double norm_of_all = 0;
    for (const auto& parameter : parameters) {
      norm_of_all =
          std::hypot(norm_of_all, norm(*all.gradients.find(*parameter)));
    }
    for (const auto& parameter : parameters) {
      require_gradient_equal(*read.gradients.find(*parameter),
                             *all.gradients.find(*parameter), norm_of_all,
                             parameter->name);
    }
  }
}

TEST_CASE("most of the last layer isn't done for rows that nobody reads") {
  for (const std::string& name : kClassifiers) {
    INFO(name);
    const auto loaded = load_model<double>(ModelFolder(golden_path(name)));
    const PackedBatch batch = batch_of(Goldens(name + "/expected.safetensors"));
    std::vector<std::size_t> heights;
    const auto linear_gelu = loaded.model->pieces().linear_gelu;
    loaded.model->pieces().linear_gelu = [&](const auto& x, const auto& weight,
                                             const auto& bias) {
      heights.push_back(rows(x.value()));
      return linear_gelu(x, weight, bias);
    };
    static_cast<void>(loaded.model->forward(batch, {}, HiddenStates::kRead));
    REQUIRE(heights == std::vector<std::size_t>{batch.tokens(), batch.tokens(),
                                                batch.sequences()});
  }
}

TEST_CASE("heads that read all tokens, and bodies, have all of them") {
  for (const std::string name :
       {"bert_token_classification", "distilbert_question_answering",
        "bert_masked_lm", "bert_body", "distilbert_body"}) {
    INFO(name);
    const auto loaded =
        load_model<float>(ModelFolder(golden_path("models/" + name)));
    const PackedBatch batch =
        batch_of(Goldens("models/" + name + "/expected.safetensors"));
    const auto all = loaded.model->forward(batch, {}, HiddenStates::kLast);
    const auto read = loaded.model->forward(batch, {}, HiddenStates::kRead);
    REQUIRE(
        (read.last_hidden_state().value() == all.last_hidden_state().value()));
  }
}
