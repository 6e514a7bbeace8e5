#include "ch09_distillation/task_distillation_loss.hpp"

#include "catch.hpp"
#include "ch03_autograd/gradient_error.hpp"
#include "ch04_layers/context.hpp"
#include "ch09_distillation/cosine_loss.hpp"
#include "ch09_distillation/distillation_loss.hpp"
#include "random_matrix.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

struct Example {
  ParameterPtr<double> logits = make_parameter<double>("logits", {4, 3});
  ParameterPtr<double> hidden = make_parameter<double>("hidden", {9, 5});
  Matrix<double> teacher_logits = random_matrix<double>(4, 3, 3);
  Matrix<double> teacher_hidden = random_matrix<double>(9, 5, 4);
  TaskLabels<double> labels = std::vector<std::int32_t>{2, 0, 1, 1};

  Example() {
    *logits->value = random_matrix<double>(4, 3, 1);
    *hidden->value = random_matrix<double>(9, 5, 2);
  }

  [[nodiscard]] Variable<double> loss(const TaskDistillationWeights& weights,
                                      Tape<double>* tape = nullptr) const {
    const Context<double> context{.tape = tape};
    return task_distillation_loss<double>(
        {use(context, logits), use(context, hidden), teacher_logits,
         teacher_hidden, labels},
        weights);
  }

  [[nodiscard]] double value(const TaskDistillationWeights& weights) const {
    return loss(weights).value()(0, 0);
  }
};

Matrix<double> column(std::initializer_list<double> scores) {
  Matrix<double> matrix = make_matrix<double>(scores.size(), 1);
  std::ranges::copy(scores, values(matrix).begin());
  return matrix;
}

}  // namespace

TEST_CASE("the task loss is the weighted sum of its three parts") {
  const Example example;
  const double soft =
      distillation_loss(*example.logits->value, example.teacher_logits, 4.0)
          .loss;
  const double hard =
      task_loss(Variable<double>(*example.logits->value), example.labels)
          .value()(0, 0);
  const double cosine =
      cosine_loss(*example.hidden->value, example.teacher_hidden).loss;
  REQUIRE(std::abs(example.value({0.3, 0.9, 0.2, 4}) -
                   (0.3 * soft + 0.9 * hard + 0.2 * cosine)) < 1e-14);
  REQUIRE(std::abs(example.value({1, 0, 0, 4}) - soft) < 1e-14);
  REQUIRE(std::abs(example.value({0, 1, 0, 4}) - hard) < 1e-14);
  REQUIRE(std::abs(example.value({0, 0, 1, 4}) - cosine) < 1e-14);
}

TEST_CASE("the task loss has the gradient that central differences measure") {
  const Example example;
  const auto loss = [&example](Tape<double>* tape) {
    return example.loss({0.3, 0.9, 0.2, 4}, tape);
  };
  REQUIRE(gradient_error(loss, example.logits) < 1e-7);
  REQUIRE(gradient_error(loss, example.hidden) < 1e-7);
}

TEST_CASE("a loss of weight 0 isn't computed") {
  Example example;
  const double without_cosine = example.value({0.5, 0.5, 0, 2});
  // Hidden states of another size can't be compared, and needn't be.
  example.teacher_hidden = zeros<double>(9, 7);
  REQUIRE(example.value({0.5, 0.5, 0, 2}) == without_cosine);
  REQUIRE_THROWS_AS(example.value({0.5, 0.5, 0.1, 2}), std::logic_error);
  example.teacher_logits = zeros<double>(4, 8);
  REQUIRE_NOTHROW(example.value({0, 1, 0, 2}));
  REQUIRE_THROWS_AS(example.value({0.1, 1, 0, 2}), std::logic_error);
  Tape<double> tape;
  Gradients<double> gradients;
  tape.backward(example.loss({0, 1, 0, 2}, &tape), gradients);
  REQUIRE(gradients.find(*example.hidden) == nullptr);
}

TEST_CASE("for regression the soft loss is the squared difference of scores") {
  Example example;
  example.logits = make_parameter<double>("logits", {3, 1});
  *example.logits->value = column({1, 2, 5});
  example.teacher_logits = column({1.5, 2, 4});
  example.labels = column({0, 2, 5});
  // (0.25 + 0 + 1) / 3 and (1 + 0 + 0) / 3; the temperature has no part in it.
  REQUIRE(std::abs(example.value({1, 0, 0, 2}) - 1.25 / 3) < 1e-15);
  REQUIRE(std::abs(example.value({1, 0, 0, 9}) - 1.25 / 3) < 1e-15);
  REQUIRE(std::abs(example.value({0, 1, 0, 2}) - 1.0 / 3) < 1e-15);
  REQUIRE(std::abs(example.value({0.5, 0.5, 0, 2}) - 0.375) < 1e-15);
  const auto loss = [&example](Tape<double>* tape) {
    return example.loss({0.5, 0.5, 0, 2}, tape);
  };
  REQUIRE(gradient_error(loss, example.logits) < 1e-7);
}
