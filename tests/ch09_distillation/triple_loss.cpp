// A whole distillation step against PyTorch: both models' outputs, the three
// losses and their sum, and the gradient of every parameter of the student.

#include "ch09_distillation/triple_loss.hpp"

#include "ch03_autograd/gradient_error.hpp"
#include "tiny_distillation.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

// "printed" is the example of the literature, whose weights barely tell the
// directions of the divergence apart; "full_rank" does.
const std::vector<std::string> kGoldens{"printed", "full_rank"};

// The digits that are printed in double. In float what the rounding of the
// logits leaves, which matters most for the soft loss, a small difference.
template <class T>
void require_loss(const Variable<T>& found, const nlohmann::json& expected) {
  constexpr bool kIsDouble = sizeof(T) == sizeof(double);
  const auto wanted = expected.get<double>();
  REQUIRE(std::abs(static_cast<double>(found.value()(0, 0)) - wanted) <=
          (kIsDouble ? 1e-12 : 1e-6) * std::max(1.0, wanted));
}

template <class T>
void check_outputs(const TinyDistillation<T>& step, const Goldens& goldens) {
  const auto of_teacher = step.teacher->forward(step.batch);
  const auto of_student = step.student->forward(step.batch);
  require_forward_equal(of_teacher.logits->value(),
                        goldens.matrix<double>("logits.teacher"),
                        "logits.teacher");
  require_forward_equal(of_student.logits->value(),
                        goldens.matrix<double>("logits.student"),
                        "logits.student");
  require_forward_equal(of_student.last_hidden_state().value(),
                        goldens.matrix<double>("hidden_states.student"),
                        "hidden_states.student");
  require_forward_equal(of_teacher.last_hidden_state().value(),
                        goldens.matrix<double>("hidden_states.teacher"),
                        "hidden_states.teacher");
}

template <class T>
void check_gradients(const TinyDistillation<T>& step,
                     const Gradients<T>& gradients,
                     const Goldens& goldens) {
  const auto parameters = step.student->parameters().parameters();
  REQUIRE(parameters.size() ==
          step.golden["student_parameters"].template get<std::size_t>());
  const auto norm_of_all = step.golden["gradient_norm"].template get<double>();
  for (const auto& parameter : parameters) {
    INFO(parameter->name);
    const Matrix<T>* const found = gradients.find(*parameter);
    REQUIRE(found != nullptr);
    require_gradient_equal(
        *found, goldens.matrix<double>("gradient." + parameter->name),
        norm_of_all, parameter->name);
  }
  for (const auto& parameter : step.teacher->parameters().parameters()) {
    REQUIRE(gradients.find(*parameter) == nullptr);
  }
}

}  // namespace

TEMPLATE_TEST_CASE(
    "a whole distillation step equals PyTorch, every gradient included",
    "[goldens]",
    float,
    double) {
  for (const std::string& name : kGoldens) {
    INFO(name);
    const TinyDistillation<TestType> step(name);
    REQUIRE(step.teacher->parameters().parameters().size() ==
            step.golden["teacher_parameters"].template get<std::size_t>());
    const Goldens goldens("distillation/" + name + ".safetensors");
    check_outputs(step, goldens);
    Tape<TestType> tape;
    const TripleLoss<TestType> loss = step.loss(&tape);
    const nlohmann::json& losses = step.golden["losses"];
    require_loss(loss.soft, losses["soft"]);
    require_loss(loss.hard, losses["masked_lm"]);
    require_loss(loss.cosine, losses["cosine"]);
    require_loss(loss.total, losses["total"]);
    Gradients<TestType> gradients;
    tape.backward(loss.total, gradients);
    check_gradients(step, gradients, goldens);
  }
}

TEST_CASE("the triple loss has the gradient that central differences measure") {
  const TinyDistillation<double> step("full_rank");
  const auto loss = [&step](Tape<double>* tape) {
    return step.loss(tape).total;
  };
  for (const auto& parameter : step.student->parameters().parameters()) {
    // A key's bias shifts all scores of a query alike: its gradient is zero.
    if (parameter->name.ends_with("k_lin.bias")) {
      continue;
    }
    // A bias of each kind and the tied table; the rest is compared above.
    if (parameter->shape.size() == 1 ||
        parameter->name.ends_with("word_embeddings.weight")) {
      INFO(parameter->name);
      REQUIRE(gradient_error(loss, parameter) < 1e-6);
    }
  }
}

TEST_CASE("the teacher is recorded on no tape") {
  const TinyDistillation<double> step("printed");
  Tape<double> with_teacher;
  static_cast<void>(step.loss(&with_teacher));
  Tape<double> alone;
  static_cast<void>(step.student->forward(step.batch, {.tape = &alone}));
  // The three losses and their sum come on top.
  REQUIRE(with_teacher.counters().nodes_recorded ==
          alone.counters().nodes_recorded + 4);
}
