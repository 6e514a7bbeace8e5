// Whole models of packed and of int8 weights, against PyTorch's and against the
// fused pieces.

#include "ch11_speed/fast_pieces.hpp"

#include <cmath>
#include <memory>
#include <string>

#include "ch05_attention/attention_cases.hpp"
#include "ch07_distilbert/minilm_checks.hpp"
#include "ch07_distilbert/model_checks.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// A small random model with its texts and PyTorch's outputs.
struct GoldenModel {
  explicit GoldenModel(const std::string& name)
      : model(load_model<float>(ModelFolder(golden_path("models/" + name)))
                  .model),
        goldens("models/" + name + "/expected.safetensors"),
        batch(batch_of(goldens)) {}

  [[nodiscard]] ModelOutput<float> forward(
      const Context<float>& context = {}) const {
    return model->forward(batch, context, HiddenStates::kAll);
  }

  std::unique_ptr<Model<float>> model;
  Goldens goldens;
  PackedBatch batch;
};

// All that a forward pass returns, matrix after matrix.
std::vector<Matrix<float>> all_values(const ModelOutput<float>& output) {
  std::vector<Matrix<float>> all;
  for (const auto& hidden : output.hidden_states) {
    all.push_back(hidden.value());
  }
  for (const auto& more : {output.pooler_output, output.logits}) {
    if (more) {
      all.push_back(more->value());
    }
  }
  return all;
}

// A recorded forward pass and the gradients of a random loss, by parameter.
std::vector<Matrix<float>> recorded(const GoldenModel& of,
                                    const DropoutSource* dropout = nullptr) {
  Tape<float> tape;
  const ModelOutput<float> output =
      of.forward({.tape = &tape, .dropout = dropout});
  Gradients<float> gradients;
  tape.backward(
      weighted_total(output.logits.value_or(output.last_hidden_state())),
      gradients);
  std::vector<Matrix<float>> all = all_values(output);
  for (const auto& parameter : of.model->parameters().parameters()) {
    const Matrix<float>* const found = gradients.find(*parameter);
    all.push_back(found == nullptr ? Matrix<float>() : *found);
  }
  return all;
}

bool same_bits_of_all(const std::vector<Matrix<float>>& a,
                      const std::vector<Matrix<float>>& b) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) {
    same = same_bits(a[i], b[i]);
  }
  return same;
}

// ‖found - expected‖ / ‖expected‖
double relative_distance(const Matrix<float>& found,
                         const Matrix<double>& expected) {
  Matrix<double> difference = as_double(found);
  for (std::size_t i = 0; i < difference.size(); ++i) {
    values(difference)[i] -= values(expected)[i];
  }
  return norm(difference) / norm(expected);
}

// Adds to every number of every parameter.
void change_parameters(const Model<float>& model) {
  for (const auto& parameter : model.parameters().parameters()) {
    std::uint64_t number = 0;
    for (float& value : values(*parameter->value)) {
      value += 0.01F * std::sin(static_cast<float>(++number));
    }
  }
}

}  // namespace

TEST_CASE("packed models of every head equal PyTorch", "[fast_pieces]") {
  const PoisonedMemory poisoned;
  for (const std::string& name : golden_models()) {
    INFO(name);
    const GoldenModel of(name);
    use_fast_pieces(*of.model, Precision::kFloat32);
    check_outputs(of.forward(), of.goldens);
  }
}

TEST_CASE("the packed MiniLM checkpoint gives what it gives in transformers",
          "[fast_pieces]") {
  const auto folder = minilm_checkpoint();
  if (!folder) {
    return;
  }
  const auto loaded = load_model<float>(ModelFolder(*folder));
  use_fast_pieces(*loaded.model, Precision::kFloat32,
                  loaded.report.weights.get());
  check_minilm(*loaded.model, "texts");
  check_minilm(*loaded.model, "pairs");
}

TEST_CASE("int8 models stay near PyTorch, and aren't it", "[fast_pieces]") {
  // Rounding to steps of a row's range over 255 moves its numbers by about 0.6 %
  // of their size, and weights by 0.7 %: products are about 1 % off. Errors of
  // different layers are independent and grow as the root of their number;
  // twice that is allowed. A logit is one sum, and little averages out in it.
  for (const std::string& name : golden_models()) {
    INFO(name);
    const GoldenModel of(name);
    use_fast_pieces(*of.model, Precision::kInt8);
    const auto output = of.forward();
    require_forward_equal(output.hidden_states[0].value(),
                          of.goldens.matrix<double>("hidden_states.0"),
                          "embeddings");
    for (std::size_t i = 1; i < output.hidden_states.size(); ++i) {
      const double distance = relative_distance(
          output.hidden_states[i].value(),
          of.goldens.matrix<double>("hidden_states." + std::to_string(i)));
      INFO("layer " << i);
      REQUIRE(distance <= 0.02 * std::sqrt(static_cast<double>(i)));
      REQUIRE(distance >= 0.002);
    }
    if (output.logits) {
      REQUIRE(relative_distance(output.logits->value(),
                                of.goldens.matrix<double>("logits")) <= 0.08);
    }
  }
}

TEST_CASE("int8 keeps the MiniLM checkpoint's vectors", "[fast_pieces]") {
  // Trained weights have outliers, so steps are larger than those of random
  // ones: 5.4 % after six layers.
  const auto folder = minilm_checkpoint();
  if (!folder) {
    return;
  }
  const auto loaded = load_model<float>(ModelFolder(*folder));
  const PackedBatch batch = batch_of(Goldens("minilm/texts.safetensors"));
  const auto last = [&] {
    return loaded.model->forward(batch).last_hidden_state().value();
  };
  const Matrix<float> exact = last();
  use_fast_pieces(*loaded.model, Precision::kInt8);
  const double distance = relative_distance(last(), as_double(exact));
  REQUIRE(distance <= 0.08);
  REQUIRE(distance >= 0.002);
}

TEST_CASE("packed models don't depend on threads or on the other texts",
          "[fast_pieces][threads]") {
  for (const Precision precision : {Precision::kFloat32, Precision::kInt8}) {
    const GoldenModel of("bert_body");
    use_fast_pieces(*of.model, precision);
    const Matrix<float> together = of.forward().last_hidden_state().value();
    for (const std::size_t threads : {1, 2, 3}) {
      const Threads set(threads);
      REQUIRE(same_bits(of.forward().last_hidden_state().value(), together));
    }
    for (std::size_t s = 0; s < of.batch.sequences(); ++s) {
      const std::size_t begin = of.batch.sequence_offsets[s];
      const std::size_t end = of.batch.sequence_offsets[s + 1];
      const auto part = [&](const std::vector<std::int32_t>& all) {
        return std::vector<std::int32_t>(
            all.begin() + static_cast<std::ptrdiff_t>(begin),
            all.begin() + static_cast<std::ptrdiff_t>(end));
      };
      const PackedBatch one{part(of.batch.ids),
                            part(of.batch.type_ids),
                            part(of.batch.positions),
                            {0, end - begin}};
      REQUIRE(same_bits(of.model->forward(one).last_hidden_state().value(),
                        rows_of(together, begin, end)));
    }
  }
}

TEST_CASE("a recorded pass has the bits and gradients of the fused pieces",
          "[fast_pieces]") {
  for (const std::string& name : golden_models()) {
    for (const Precision precision : {Precision::kFloat32, Precision::kInt8}) {
      INFO(name);
      const GoldenModel fused(name);
      const GoldenModel fast(name);
      use_fast_pieces(*fast.model, precision);
      REQUIRE(same_bits_of_all(recorded(fast), recorded(fused)));
      const DropoutSource dropout{.seed = 5, .step = 3};
      REQUIRE(same_bits_of_all(recorded(fast, &dropout),
                               recorded(fused, &dropout)));
      // As training does: the copies are older than the parameters now.
      change_parameters(*fused.model);
      change_parameters(*fast.model);
      REQUIRE(same_bits_of_all(recorded(fast), recorded(fused)));
    }
  }
}

TEST_CASE("dropout without a tape draws what it draws with one",
          "[fast_pieces]") {
  const GoldenModel of("distilbert_sequence_classification");
  const DropoutSource dropout{.seed = 5, .step = 3};
  const auto expected = of.forward({.dropout = &dropout});
  use_fast_pieces(*of.model, Precision::kFloat32);
  const auto found = of.forward({.dropout = &dropout});
  require_forward_equal(found.logits->value(),
                        as_double(expected.logits->value()), "logits");
}

TEST_CASE("copies of the weights are as old as the call that made them",
          "[fast_pieces]") {
  for (const Precision precision : {Precision::kFloat32, Precision::kInt8}) {
    const GoldenModel of("bert_body");
    use_fast_pieces(*of.model, precision);
    const Matrix<float> before = of.forward().last_hidden_state().value();
    for (const auto& parameter : of.model->parameters().parameters()) {
      if (parameter->name.ends_with("intermediate.dense.weight") ||
          parameter->name.ends_with("attention.self.query.weight")) {
        for (float& value : values(*parameter->value)) {
          value *= 1.5F;
        }
      }
    }
    REQUIRE(same_bits(of.forward().last_hidden_state().value(), before));
    use_fast_pieces(*of.model, precision);
    REQUIRE(!same_bits(of.forward().last_hidden_state().value(), before));
  }
}

TEST_CASE("fast pieces belong to one model and can be taken out again",
          "[fast_pieces]") {
  const GoldenModel one("bert_sequence_classification");
  const GoldenModel other("bert_sequence_classification");
  const auto expected = all_values(other.forward());
  use_fast_pieces(*one.model, Precision::kInt8);
  REQUIRE(same_bits_of_all(all_values(other.forward()), expected));
  REQUIRE(!same_bits_of_all(all_values(one.forward()), expected));
  one.model->pieces() = fused_pieces<float>();
  REQUIRE(same_bits_of_all(all_values(one.forward()), expected));
}

TEST_CASE("an evaluation is fast, sees today's weights and leaves the pieces",
          "[fast_pieces]") {
  const GoldenModel of("bert_body");
  const Matrix<float> before = of.forward().last_hidden_state().value();
  for (const auto& parameter : of.model->parameters().parameters()) {
    values(*parameter->value)[0] += 0.5F;
  }
  const Matrix<float> after = of.forward().last_hidden_state().value();
  Matrix<float> evaluated;
  {
    const FastEvaluation fast(*of.model);
    evaluated = of.forward().last_hidden_state().value();
  }
  const GoldenModel same("bert_body");
  for (const auto& parameter : same.model->parameters().parameters()) {
    values(*parameter->value)[0] += 0.5F;
  }
  use_fast_pieces(*same.model, Precision::kFloat32);
  REQUIRE(same_bits(evaluated, same.forward().last_hidden_state().value()));
  REQUIRE_FALSE(same_bits(evaluated, before));
  REQUIRE(same_bits(of.forward().last_hidden_state().value(), after));
}

TEST_CASE("packed pieces outlive the model that they were made for",
          "[fast_pieces]") {
  // Another model's parameters aren't in the copies, so its own are used.
  const GoldenModel of("distilbert_body");
  {
    const GoldenModel gone("distilbert_body");
    use_fast_pieces(*gone.model, Precision::kFloat32);
    of.model->pieces() = gone.model->pieces();
  }
  check_outputs(of.forward(), of.goldens);
}

TEST_CASE("a model is the same when its file's pages were given back",
          "[fast_pieces]") {
  // The pages are read again where the parameters themselves are used.
  for (const std::string& name : golden_models()) {
    for (const Precision precision : {Precision::kFloat32, Precision::kInt8}) {
      INFO(name);
      const GoldenModel kept(name);
      GoldenModel given_back(name);
      LoadedModel<float> loaded =
          load_model<float>(ModelFolder(golden_path("models/" + name)));
      REQUIRE(loaded.report.weights != nullptr);
      given_back.model = std::move(loaded.model);
      use_fast_pieces(*kept.model, precision);
      use_fast_pieces(*given_back.model, precision,
                      loaded.report.weights.get());
      REQUIRE(same_bits_of_all(all_values(given_back.forward()),
                               all_values(kept.forward())));
      REQUIRE(same_bits_of_all(recorded(given_back), recorded(kept)));
    }
  }
}
