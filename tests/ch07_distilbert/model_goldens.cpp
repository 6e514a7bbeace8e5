// Both families with every head against PyTorch: hidden states, pooler, logits,
// loss and the gradient of every parameter, in float and in double, from fused
// and from plain pieces.

#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch03_autograd/multiply.hpp"
#include "ch03_autograd/weighted_sum.hpp"
#include "ch04_layers/matrix_product.hpp"
#include "ch04_layers/mean_squared_error.hpp"
#include "ch04_layers/softmax_cross_entropy.hpp"
#include "ch06_bert/span_loss.hpp"
#include "model_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// The sum over all elements of output ⊙ upstream: the loss of a bare body.
template <class T>
Variable<T> weighted_output(const Variable<T>& output,
                            const Matrix<T>& upstream) {
  const auto ones = [](std::size_t height, std::size_t width) {
    Matrix<T> matrix = make_matrix<T>(height, width);
    matrix.fill(T{1});
    return Variable<T>(std::move(matrix));
  };
  const Variable<T> products = multiply(output, Variable<T>(upstream));
  const Variable<T> row_sums =
      matrix_product(products, ones(columns(upstream), 1));
  return matrix_product(ones(1, rows(upstream)), row_sums);
}

template <class T>
Variable<T> body_loss(const ModelOutput<T>& output, const Goldens& goldens) {
  std::vector<WeightedTerm<T>> terms{
      {T{1}, weighted_output(output.last_hidden_state(),
                             goldens.matrix<T>("upstream.last_hidden_state"))}};
  if (output.pooler_output) {
    terms.push_back(
        {T{1}, weighted_output(*output.pooler_output,
                               goldens.matrix<T>("upstream.pooler_output"))});
  }
  return weighted_sum(terms);
}

template <class T>
Variable<T> golden_loss(const ModelOutput<T>& output,
                        const Model<T>& model,
                        const PackedBatch& batch,
                        const Goldens& goldens) {
  if (model.head() == HeadKind::kNone) {
    return body_loss(output, goldens);
  }
  if (model.head() == HeadKind::kQuestionAnswering) {
    const auto flat = goldens.integers<std::size_t>("labels");
    std::vector<AnswerSpan> answers;
    answers.reserve(batch.sequences());
    for (std::size_t s = 0; s < batch.sequences(); ++s) {
      answers.push_back({flat[2 * s], flat[2 * s + 1]});
    }
    return span_loss(*output.logits, batch.sequence_offsets, answers);
  }
  if (columns(output.logits->value()) == 1) {
    Matrix<T> targets = make_matrix<T>(batch.sequences(), 1);
    goldens.file().copy_values(goldens.file().info("labels"), values(targets));
    return mean_squared_error(*output.logits, std::move(targets));
  }
  return softmax_cross_entropy(*output.logits,
                               goldens.integers<std::int32_t>("labels"));
}

template <class T>
void check_gradients(const Model<T>& model,
                     const Gradients<T>& gradients,
                     const Goldens& goldens) {
  std::map<std::string, Matrix<double>> expected;
  double squares = 0;
  for (const auto& parameter : model.parameters().parameters()) {
    const std::string name = saved_name(parameter->name, model.head());
    expected[name] = goldens.matrix<double>("gradient." + name);
    squares += norm(expected[name]) * norm(expected[name]);
  }
  for (const auto& parameter : model.parameters().parameters()) {
    const std::string name = saved_name(parameter->name, model.head());
    const Matrix<T>* const found = gradients.find(*parameter);
    INFO(name);
    REQUIRE(found != nullptr);
    require_gradient_equal(*found, expected[name], std::sqrt(squares), name);
  }
}

template <class T>
void check_model(const std::string& name, const Pieces<T>& pieces) {
  INFO(name);
  const auto loaded = load_model<T>(ModelFolder(golden_path("models/" + name)));
  Model<T>& model = *loaded.model;
  model.pieces() = pieces;
  const Goldens goldens("models/" + name + "/expected.safetensors");
  const PackedBatch batch = batch_of(goldens);
  check_outputs(model.forward(batch, {}, HiddenStates::kAll), goldens);
  Tape<T> tape;
  const Context<T> context{.tape = &tape};
  const ModelOutput<T> output =
      model.forward(batch, context, HiddenStates::kAll);
  check_outputs(output, goldens);
  const Variable<T> loss = golden_loss(output, model, batch, goldens);
  if (model.head() != HeadKind::kNone) {
    require_forward_equal(loss.value(), goldens.matrix<double>("loss"), "loss");
  }
  Gradients<T> gradients;
  tape.backward(loss, gradients);
  check_gradients(model, gradients, goldens);
}

}  // namespace

TEMPLATE_TEST_CASE(
    "every head of both families equals PyTorch in outputs and "
    "gradients",
    "[goldens]",
    float,
    double) {
  for (const std::string& name : golden_models()) {
    check_model<TestType>(name, fused_pieces<TestType>());
  }
}

TEMPLATE_TEST_CASE("models of plain pieces equal PyTorch too",
                   "[goldens]",
                   float,
                   double) {
  for (const std::string& name : golden_models()) {
    check_model<TestType>(name, plain_pieces<TestType>());
  }
}
