#include "ch08_training/optimizer_state.hpp"

#include "catch.hpp"

using namespace distilbert;

namespace {

ParameterPtr<float> parameter(const char* name, float value) {
  auto result = make_parameter<float>(name, {2, 2});
  result->value->fill(value);
  return result;
}

void set_gradient(Gradients<float>& gradients,
                  const ParameterPtr<float>& of,
                  float value) {
  gradients.slot(*of) = Matrix<float>(Matrix<float>::shape_type{2, 2}, value);
}

}  // namespace

TEST_CASE("a parameter without a gradient is left alone, decay included") {
  const auto with = parameter("with.weight", 1);
  const auto without = parameter("without.weight", 1);
  const std::vector<ParameterPtr<float>> parameters = {with, without};
  Gradients<float> gradients;
  set_gradient(gradients, with, 0.5F);
  OptimizerState state;
  const OptimizerOptions options{{0.1, 0.9, 0.999, 1e-8}, 0.5, true};
  update_parameters(parameters, gradients, options, state);
  CHECK((*without->value)(0, 0) == 1);
  CHECK(state.count("without.weight") == 0);
  CHECK((*with->value)(0, 0) == Approx(0.85));
  // Its corrections start with its own first gradient, as in PyTorch.
  set_gradient(gradients, without, 0.5F);
  update_parameters(parameters, gradients, options, state);
  CHECK((*without->value)(0, 0) == Approx(0.85));
  CHECK(state.at("with.weight").steps == 2);
  CHECK(state.at("without.weight").steps == 1);
}

TEST_CASE("biases are not decayed") {
  const auto weight = parameter("dense.weight", 1);
  const auto bias = parameter("dense.bias", 1);
  const std::vector<ParameterPtr<float>> parameters = {weight, bias};
  for (const bool fused : {true, false}) {
    weight->value->fill(1);
    bias->value->fill(1);
    Gradients<float> gradients;
    set_gradient(gradients, weight, 0);
    set_gradient(gradients, bias, 0);
    OptimizerState state;
    update_parameters(parameters, gradients,
                      {{0.1, 0.9, 0.999, 1e-8}, 0.5, fused}, state);
    CHECK((*weight->value)(1, 1) == Approx(0.95));
    CHECK((*bias->value)(1, 1) == 1);
  }
}
