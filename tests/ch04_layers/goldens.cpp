// Every operation of chapter 4 that PyTorch has too, against PyTorch: result
// and gradients.

#include "goldens.hpp"

#include "operation_checks.hpp"
#include "operations.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

TEMPLATE_TEST_CASE("linear is the reference's", "[golden]", float, double) {
  using T = TestType;
  require_golden<T>(
      "linear", {"input", "weight", "bias"},
      [](const Inputs<T>& in) { return linear(in[0], in[1], in[2]); });
}

TEMPLATE_TEST_CASE("gelu is the reference's", "[golden]", float, double) {
  using T = TestType;
  require_golden<T>("gelu", {"input"},
                    [](const Inputs<T>& in) { return gelu(in[0]); });
}

TEMPLATE_TEST_CASE("hyperbolic_tangent is the reference's",
                   "[golden]",
                   float,
                   double) {
  using T = TestType;
  require_golden<T>("tanh", {"input"}, [](const Inputs<T>& in) {
    return hyperbolic_tangent(in[0]);
  });
}

TEMPLATE_TEST_CASE("relu is the reference's", "[golden]", float, double) {
  using T = TestType;
  require_golden<T>("relu", {"input"},
                    [](const Inputs<T>& in) { return relu(in[0]); });
}

TEMPLATE_TEST_CASE("softmax is the reference's", "[golden]", float, double) {
  using T = TestType;
  require_golden<T>("softmax", {"input"},
                    [](const Inputs<T>& in) { return softmax(in[0]); });
}

TEMPLATE_TEST_CASE("softmax_cross_entropy is the reference's",
                   "[golden]",
                   float,
                   double) {
  using T = TestType;
  const Goldens goldens("operations/softmax_cross_entropy.safetensors");
  const auto labels = goldens.integers<std::int32_t>("labels");
  require_golden<T>("softmax_cross_entropy", {"logits"},
                    [&](const Inputs<T>& in) {
                      return softmax_cross_entropy(in[0], labels);
                    });
}

TEMPLATE_TEST_CASE("mean_squared_error is the reference's",
                   "[golden]",
                   float,
                   double) {
  using T = TestType;
  const Goldens goldens("operations/mean_squared_error.safetensors");
  const Matrix<T> row_of_targets = goldens.matrix<T>("target");
  Matrix<T> targets = make_matrix<T>(row_of_targets.size(), 1);
  std::ranges::copy(values(row_of_targets), values(targets).begin());
  require_golden<T>(
      "mean_squared_error", {"prediction"},
      [&](const Inputs<T>& in) { return mean_squared_error(in[0], targets); });
}

TEMPLATE_TEST_CASE("dropout with a given mask is the reference's",
                   "[golden]",
                   float,
                   double) {
  using T = TestType;
  const Goldens goldens("operations/dropout.safetensors");
  const auto keep = goldens.integers<std::uint8_t>("mask");
  const double probability = goldens.matrix<double>("probability")(0, 0);
  const Matrix<T> input = goldens.matrix<T>("input");
  const DropoutMask mask{Buffer<std::uint8_t>(keep.begin(), keep.end()),
                         rows(input), columns(input), 1 / (1 - probability)};
  require_golden<T>("dropout", {"input"}, [&](const Inputs<T>& in) {
    return dropout(in[0], {mask});
  });
}

TEMPLATE_TEST_CASE("layer_norm is the reference's, row by row",
                   "[golden]",
                   float,
                   double) {
  using T = TestType;
  const Goldens goldens("operations/layer_norm.safetensors");
  const auto result = layer_norm(
      goldens.matrix<T>("input"), goldens.matrix<T>("weight"),
      goldens.matrix<T>("bias"), goldens.matrix<double>("epsilon")(0, 0));
  const auto gradients =
      layer_norm_backward(goldens.matrix<T>("upstream.output"), result,
                          goldens.matrix<T>("weight"));
  require_forward_equal(result.y, goldens.matrix<double>("output"), "output");
  const auto expected = goldens.matrix<double>("gradient.input");
  // Rows differ in scale by a factor of a million, and so do their gradients.
  for (std::size_t i = 0; i < rows(expected); ++i) {
    Matrix<T> found_row = make_matrix<T>(1, columns(expected));
    std::ranges::copy(row(gradients.x, i), values(found_row).begin());
    Matrix<double> expected_row = make_matrix<double>(1, columns(expected));
    std::ranges::copy(row(expected, i), values(expected_row).begin());
    require_gradient_equal(found_row, expected_row, 0,
                           "row " + std::to_string(i));
  }
  require_gradient_equal(gradients.gain,
                         goldens.matrix<double>("gradient.weight"), 0, "gain");
  require_gradient_equal(gradients.bias,
                         goldens.matrix<double>("gradient.bias"), 0, "bias");
}

TEMPLATE_TEST_CASE("embedding is the reference's", "[golden]", float, double) {
  using T = TestType;
  const Goldens goldens("operations/embedding.safetensors");
  const auto ids = goldens.integers<std::int32_t>("ids");
  require_golden<T>("embedding", {"table"},
                    [&](const Inputs<T>& in) { return embedding(in[0], ids); });
}

TEMPLATE_TEST_CASE("the padding row receives no gradient, as in the reference",
                   "[golden]",
                   float,
                   double) {
  using T = TestType;
  const Goldens goldens("operations/embedding.safetensors");
  const auto ids = goldens.integers<std::int32_t>("ids");
  const OperationCase<T> operation{
      "embedding", {goldens.matrix<T>("table")}, [&](const Inputs<T>& in) {
        return embedding(in[0], ids, 0);
      }};
  const auto found =
      differentiate(operation, goldens.matrix<T>("upstream.output"));
  require_equal<T, double>(
      found,
      {goldens.matrix<double>("output"),
       {goldens.matrix<double>("gradient.table_with_padding_0")}},
      "embedding with padding");
  for (const T value : row(found.gradients[0], 0)) {
    REQUIRE(value == 0);
  }
}
