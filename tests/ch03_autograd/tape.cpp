#include "ch03_autograd/tape.hpp"

#include <memory>
#include <vector>

#include "ch03_autograd/add.hpp"
#include "ch03_autograd/multiply.hpp"
#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

TEMPLATE_TEST_CASE(
    "a parameter has one node on a tape, however often it's used",
    "[tape]",
    float,
    double) {
  using T = TestType;
  const auto p = parameter_of<T>({{2, 3}});
  Tape<T> tape;
  const Variable<T> first = tape.watch(p);
  const Variable<T> second = tape.watch(p);
  REQUIRE(first.node() == second.node());
  REQUIRE(first.shared_value() == second.shared_value());
  REQUIRE(tape.counters().nodes_recorded == 1);
  const auto equal = parameter_of<T>({{2, 3}});
  REQUIRE(tape.watch(equal).node() != first.node());
}

TEMPLATE_TEST_CASE("a value that is used twice has the sum of two gradients",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of<T>({{2, 3}});
  Tape<T> tape;
  const Variable<T> x = tape.watch(p);
  // p³ + p by way of nodes that are used twice themselves.
  const Variable<T> square = multiply(x, tape.watch(p));
  const Variable<T> sum = add(multiply(square, x), x);
  Gradients<T> gradients;
  tape.backward(weighted_total<T>(sum, {{1, 10}}), gradients);
  REQUIRE(same_bits(*gradients.find(*p), {{13, 280}}));
}

TEMPLATE_TEST_CASE("constants are not recorded", "[tape]", float, double) {
  using T = TestType;
  const Variable<T> x(Matrix<T>{{1, 2}});
  const Variable<T> y = multiply(add(x, x), x);
  REQUIRE(y.tape() == nullptr);
  Tape<T> tape;
  const auto p = parameter_of<T>({{5, 7}});
  const Variable<T> z = multiply(y, tape.watch(p));
  REQUIRE(tape.counters().nodes_recorded == 2);  // p and the product
  Gradients<T> gradients;
  tape.backward(weighted_total(z), gradients);
  REQUIRE(tape.counters().backward_steps_run == 2);
}

TEMPLATE_TEST_CASE("a tape counts its nodes, steps and bytes",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of(random_matrix<T>(3, 4, 1));
  Tape<T> tape;
  const Variable<T> x = tape.watch(p);
  REQUIRE(tape.counters().bytes_held == 0);  // the model's, not the tape's
  const Variable<T> used = multiply(x, x);
  add(used, x);  // recorded, but nothing depends on it
  const Variable<T> loss = weighted_total(used);
  REQUIRE(tape.counters().nodes_recorded == 4);
  REQUIRE(tape.counters().nodes_held == 4);
  const std::size_t bytes = (12 + 12 + 1) * sizeof(T);
  REQUIRE(tape.counters().bytes_held == bytes);
  Gradients<T> gradients;
  tape.backward(loss, gradients);
  REQUIRE(tape.counters().backward_steps_run == 2);
  REQUIRE(tape.counters().nodes_held == 0);
  REQUIRE(tape.counters().bytes_held == 0);
  REQUIRE(tape.counters().peak_bytes_held == bytes);
  REQUIRE(tape.counters().nodes_recorded == 4);
}

TEMPLATE_TEST_CASE("backward frees what the tape kept alive",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of(random_matrix<T>(3, 4, 1));
  Tape<T> tape;
  std::weak_ptr<const Matrix<T>> inner;
  std::optional<Variable<T>> loss;
  {
    const Variable<T> square = multiply(tape.watch(p), tape.watch(p));
    inner = square.shared_value();
    loss = weighted_total(multiply(square, square));
  }
  REQUIRE_FALSE(inner.expired());  // the product's backward step needs it
  Gradients<T> gradients;
  tape.backward(*loss, gradients);
  REQUIRE(inner.expired());
}

TEMPLATE_TEST_CASE("backward frees values while it goes",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of(random_matrix<T>(1, 4, 1));
  Tape<T> tape;
  std::weak_ptr<const Matrix<T>> last;
  bool freed = false;
  const Variable<T> x = tape.watch(p);
  Variable<T> y = tape.record(
      {x}, x.value(), [&](const Matrix<T>& dy, InputGradients<T>& inputs) {
        freed = last.expired();
        inputs.add(0, dy);
      });
  y = multiply(y, y);
  last = y.shared_value();
  y = multiply(y, y);
  y = weighted_total(y);
  Gradients<T> gradients;
  tape.backward(y, gradients);
  REQUIRE(freed);
}

TEMPLATE_TEST_CASE("a tape can be used again after backward",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of<T>({{3}});
  Tape<T> tape;
  Gradients<T> gradients;
  for (int step = 0; step < 3; ++step) {
    tape.backward(multiply(tape.watch(p), tape.watch(p)), gradients);
    REQUIRE((*gradients.find(*p))(0, 0) == 6);
    gradients.clear();
    REQUIRE(gradients.find(*p) == nullptr);
  }
}

TEMPLATE_TEST_CASE("gradients add up over calls of backward",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of<T>({{3}});
  const auto other = parameter_of<T>({{5}});
  Tape<T> tape;
  Gradients<T> gradients;
  tape.backward(multiply(tape.watch(p), tape.watch(p)), gradients);
  tape.backward(multiply(tape.watch(p), tape.watch(other)), gradients);
  REQUIRE((*gradients.find(*p))(0, 0) == 6 + 5);
  REQUIRE((*gradients.find(*other))(0, 0) == 3);
  // A call that doesn't reach a parameter leaves its gradient as it was.
  tape.watch(p);
  const Variable<T> x = tape.watch(other);
  tape.backward(multiply(x, x), gradients);
  REQUIRE((*gradients.find(*p))(0, 0) == 11);
  REQUIRE((*gradients.find(*other))(0, 0) == 13);
}

TEMPLATE_TEST_CASE("two tapes on one model give two sets of gradients",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of<T>({{3}});
  Tape<T> first;
  Tape<T> second;
  const Variable<T> a = multiply(first.watch(p), first.watch(p));
  const Variable<T> b = add(second.watch(p), second.watch(p));
  Gradients<T> of_first;
  Gradients<T> of_second;
  second.backward(b, of_second);
  REQUIRE(first.counters().nodes_held == 2);
  first.backward(a, of_first);
  REQUIRE((*of_first.find(*p))(0, 0) == 6);
  REQUIRE((*of_second.find(*p))(0, 0) == 2);
}

TEMPLATE_TEST_CASE("a parameter that the loss ignores has no gradient",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of<T>({{3}});
  const auto ignored = parameter_of<T>({{3}});
  Tape<T> tape;
  Gradients<T> gradients;
  const Variable<T> x = tape.watch(p);
  add(x, tape.watch(ignored));
  tape.backward(add(x, x), gradients);
  REQUIRE(gradients.find(*ignored) == nullptr);
  REQUIRE((*gradients.find(*p))(0, 0) == 2);
}

TEMPLATE_TEST_CASE("a parameter can be the output itself",
                   "[tape]",
                   float,
                   double) {
  using T = TestType;
  const auto p = parameter_of<T>({{3}});
  Tape<T> tape;
  Gradients<T> gradients;
  tape.backward(tape.watch(p), gradients);
  REQUIRE((*gradients.find(*p))(0, 0) == 1);
}

TEMPLATE_TEST_CASE("misuse of a tape is an error", "[tape]", float, double) {
  using T = TestType;
  const auto p = parameter_of<T>({{3}});
  const auto wide = parameter_of<T>({{3, 4}});
  Tape<T> tape;
  Tape<T> other;
  Gradients<T> gradients;
  REQUIRE_THROWS_AS(add(tape.watch(p), other.watch(p)), std::logic_error);
  REQUIRE_THROWS_AS(tape.backward(tape.watch(wide), gradients),
                    std::logic_error);
  REQUIRE_THROWS_AS(tape.backward(other.watch(p), gradients), std::logic_error);
  REQUIRE_THROWS_AS(tape.backward(Variable<T>(scalar(T{1})), gradients),
                    std::logic_error);
}
