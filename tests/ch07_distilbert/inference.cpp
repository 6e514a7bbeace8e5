// Inference records nothing; a mapped file is never written.

#include <string>

#include "ch04_layers/softmax_cross_entropy.hpp"
#include "ch07_distilbert/load_model.hpp"
#include "golden_batch.hpp"
#include "temporary_folder.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

const std::string kModel = "models/bert_sequence_classification";

}  // namespace

TEST_CASE("without a tape nothing is recorded, with one something is") {
  const auto loaded = load_model<float>(ModelFolder(golden_path(kModel)));
  const Goldens goldens(kModel + "/expected.safetensors");
  const PackedBatch batch = batch_of(goldens);
  const auto output = loaded.model->forward(batch, {}, HiddenStates::kAll);
  REQUIRE(output.logits->tape() == nullptr);
  REQUIRE(output.pooler_output->tape() == nullptr);
  for (const auto& hidden : output.hidden_states) {
    REQUIRE(hidden.tape() == nullptr);
  }
  Tape<float> tape;
  const auto recorded = loaded.model->forward(batch, {.tape = &tape});
  REQUIRE(recorded.logits->tape() == &tape);
  REQUIRE(tape.counters().nodes_held > 40);
  REQUIRE((recorded.logits->value() == output.logits->value()));
}

TEST_CASE("the last hidden state alone is the last of all") {
  const auto loaded = load_model<float>(ModelFolder(golden_path(kModel)));
  const PackedBatch batch = batch_of(Goldens(kModel + "/expected.safetensors"));
  const auto last = loaded.model->forward(batch, {}, HiddenStates::kLast);
  const auto all = loaded.model->forward(batch, {}, HiddenStates::kAll);
  REQUIRE(last.hidden_states.size() == 1);
  REQUIRE(all.hidden_states.size() == 4);
  REQUIRE(
      (last.last_hidden_state().value() == all.last_hidden_state().value()));
}

TEST_CASE("a file that a model is mapped from is the same after training") {
  const TemporaryFolder folder;
  for (const char* const name : {"config.json", "model.safetensors"}) {
    std::filesystem::copy_file(golden_path(kModel) / name,
                               folder.path() / name);
  }
  const auto file = folder.path() / "model.safetensors";
  const std::string before = read_file(file);
  const auto loaded = load_model<float>(ModelFolder(folder.path()));
  const Goldens goldens(kModel + "/expected.safetensors");
  const auto forward = [&](const Context<float>& context) {
    return *loaded.model->forward(batch_of(goldens), context).logits;
  };
  const Matrix<float> untrained = forward({}).value();
  for (int step = 0; step < 3; ++step) {
    Tape<float> tape;
    Gradients<float> gradients;
    tape.backward(
        softmax_cross_entropy(forward({.tape = &tape}),
                              goldens.integers<std::int32_t>("labels")),
        gradients);
    for (const auto& parameter : loaded.model->parameters().parameters()) {
      const Matrix<float>& gradient = *gradients.find(*parameter);
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        values(*parameter->value)[i] -= 0.1F * values(gradient)[i];
      }
    }
  }
  REQUIRE((forward({}).value() != untrained));
  REQUIRE(read_file(file) == before);
}

TEST_CASE("texts over the positions and ids outside the table are errors") {
  const auto loaded = load_model<float>(ModelFolder(golden_path(kModel)));
  const auto batch_with = [](std::int32_t id, std::int32_t position,
                             std::int32_t type) {
    PackedBatch batch;
    batch.ids = {2, id};
    batch.type_ids = {0, type};
    batch.positions = {0, position};
    batch.sequence_offsets = {0, 2};
    return batch;
  };
  REQUIRE_NOTHROW(loaded.model->forward(batch_with(60, 39, 1)));
  REQUIRE_THROWS_AS(loaded.model->forward(batch_with(61, 1, 0)), Error);
  REQUIRE_THROWS_AS(loaded.model->forward(batch_with(-1, 1, 0)), Error);
}
