// What holds for every operation of chapter 4 alike.

#include "operation_checks.hpp"
#include "operations.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

TEST_CASE("gradients of chapter 4 equal central differences", "[operations]") {
  for (const auto& operation : layer_operations<double>(5, 6)) {
    // What the padding row's gradient is left out of is no derivative.
    if (operation.name != "embedding with padding") {
      require_measured_gradients(operation);
    }
  }
}

TEMPLATE_TEST_CASE("operations of chapter 4 record what they should",
                   "[operations]",
                   float,
                   double) {
  for (const auto& operation : layer_operations<TestType>(5, 6)) {
    require_right_recording(operation);
  }
}

TEMPLATE_TEST_CASE("operations of chapter 4 write before they read",
                   "[operations]",
                   float,
                   double) {
  for (const std::size_t columns : {6, 35}) {
    for (const auto& operation : layer_operations<TestType>(5, columns)) {
      require_no_uninitialised_reads(operation);
    }
  }
}

TEMPLATE_TEST_CASE("all but products have the same bits for any threads",
                   "[operations][threads]",
                   float,
                   double) {
  using T = TestType;
  for (const auto& operations :
       {element_wise_operations<T>(1501, 67), moving_operations<T>(1501, 67),
        norm_operations<T>(1501, 67), loss_operations<T>(1501, 67)}) {
    for (const auto& operation : operations) {
      require_same_bits_for_any_threads(operation);
    }
  }
}

TEMPLATE_TEST_CASE("products depend on threads by rounding only",
                   "[operations][threads]",
                   float,
                   double) {
  for (const auto& operation : product_operations<TestType>(1501, 67)) {
    require_equal_for_any_threads(operation);
  }
}

TEMPLATE_TEST_CASE("fused operations equal their plain compositions",
                   "[operations][fused]",
                   float,
                   double) {
  using T = TestType;
  const auto x = random_matrix<T>(53, 24, 1);
  const auto weight = random_matrix<T>(35, 24, 2);
  const auto bias = random_matrix<T>(1, 35, 3);
  const OperationCase<T> fused{
      "linear_gelu", {x, weight, bias}, [](const Inputs<T>& in) {
        return linear_gelu(in[0], in[1], in[2]);
      }};
  OperationCase<T> plain = fused;
  plain.apply = [](const Inputs<T>& in) {
    return plain_linear_gelu(in[0], in[1], in[2]);
  };
  require_equal(differentiate(fused), differentiate(plain), fused.name);
}

TEMPLATE_TEST_CASE("residual_layer_norm equals its plain composition",
                   "[operations][fused]",
                   float,
                   double) {
  using T = TestType;
  for (const bool with_dropout : {false, true}) {
    std::optional<DropoutMask> mask;
    if (with_dropout) {
      mask = test_mask(53, 24);
    }
    const OperationCase<T> fused{
        "residual_layer_norm",
        {random_matrix<T>(53, 24, 1), random_matrix<T>(53, 24, 2),
         random_matrix<T>(1, 24, 3), random_matrix<T>(1, 24, 4)},
        [=](const Inputs<T>& in) {
          return residual_layer_norm<T>(in[0], in[1], {in[2], in[3], 1e-12},
                                        mask);
        }};
    OperationCase<T> plain = fused;
    plain.apply = [=](const Inputs<T>& in) {
      return plain_residual_layer_norm<T>(in[0], in[1], {in[2], in[3], 1e-12},
                                          mask);
    };
    require_equal(differentiate(fused), differentiate(plain), fused.name);
  }
}

TEMPLATE_TEST_CASE("a fused operation is one node", "[fused]", float, double) {
  using T = TestType;
  for (const auto& operation : layer_operations<T>(5, 6)) {
    if (operation.name.starts_with("plain_")) {
      continue;
    }
    Tape<T> tape;
    std::vector<ParameterPtr<T>> parameters;
    Inputs<T> inputs;
    for (const auto& input : operation.inputs) {
      parameters.push_back(parameter_of(input));
      inputs.push_back(tape.watch(parameters.back()));
    }
    operation.apply(inputs);
    INFO(operation.name);
    REQUIRE(tape.counters().nodes_recorded == inputs.size() + 1);
  }
}
