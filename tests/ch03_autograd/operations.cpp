// The operations of chapter 3: by hand, by central differences, and in the ways
// that every operation must keep to.

#include <vector>

#include "ch03_autograd/add.hpp"
#include "ch03_autograd/add_row_vector.hpp"
#include "ch03_autograd/multiply.hpp"
#include "ch03_autograd/weighted_sum.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

template <class T>
using Inputs = std::vector<Variable<T>>;

template <class T>
std::vector<OperationCase<T>> operations(std::size_t m, std::size_t n) {
  const auto x = random_matrix<T>(m, n, 1);
  const auto y = random_matrix<T>(m, n, 2);
  const auto v = random_matrix<T>(1, n, 3);
  return {
      {"add", {x, y}, [](const Inputs<T>& in) { return add(in[0], in[1]); }},
      {"multiply",
       {x, y},
       [](const Inputs<T>& in) { return multiply(in[0], in[1]); }},
      {"multiply by itself",
       {x},
       [](const Inputs<T>& in) { return multiply(in[0], in[0]); }},
      {"add_row_vector",
       {x, v},
       [](const Inputs<T>& in) { return add_row_vector(in[0], in[1]); }},
      {"weighted_sum",
       {scalar(T{3}), scalar(T{5})},
       [](const Inputs<T>& in) {
         return weighted_sum<T>({{T{0.25}, in[0]}, {T{-2}, in[1]}});
       }},
      {"weighted_sum of one value twice",
       {scalar(T{3})},
       [](const Inputs<T>& in) {
         return weighted_sum<T>({{T{0.25}, in[0]}, {T{-2}, in[0]}});
       }},
  };
}

}  // namespace

TEST_CASE("gradients of chapter 3 equal central differences", "[operations]") {
  for (const auto& operation : operations<double>(3, 4)) {
    require_measured_gradients(operation);
  }
}

TEMPLATE_TEST_CASE("operations of chapter 3 record what they should",
                   "[operations]",
                   float,
                   double) {
  for (const auto& operation : operations<TestType>(3, 4)) {
    require_right_recording(operation);
  }
}

TEMPLATE_TEST_CASE("operations of chapter 3 write before they read",
                   "[operations]",
                   float,
                   double) {
  for (const auto& operation : operations<TestType>(5, 7)) {
    require_no_uninitialised_reads(operation);
  }
}

TEMPLATE_TEST_CASE("operations of chapter 3 don't depend on threads",
                   "[operations]",
                   float,
                   double) {
  for (const auto& operation : operations<TestType>(501, 67)) {
    require_same_bits_for_any_threads(operation);
  }
}

TEMPLATE_TEST_CASE("operations of chapter 3 agree with a pencil",
                   "[operations]",
                   float,
                   double) {
  using T = TestType;
  const Variable<T> x(Matrix<T>{{1, 2}, {3, 4}});
  const Variable<T> y(Matrix<T>{{5, -6}, {7, 8}});
  const Variable<T> v(Matrix<T>{{10, 20}});
  REQUIRE(same_bits(add(x, y).value(), {{6, -4}, {10, 12}}));
  REQUIRE(same_bits(multiply(x, y).value(), {{5, -12}, {21, 32}}));
  REQUIRE(same_bits(add_row_vector(x, v).value(), {{11, 22}, {13, 24}}));
  REQUIRE(same_bits(add_row_vector_backward(y.value()), {{12, 2}}));
  const Variable<T> three(scalar(T{3}));
  const Variable<T> five(scalar(T{5}));
  REQUIRE(weighted_sum<T>({{T{2}, three}, {T{-1}, five}}).value()(0, 0) == 1);
}

TEMPLATE_TEST_CASE("operations of chapter 3 insist on fitting shapes",
                   "[operations]",
                   float,
                   double) {
  using T = TestType;
  const Variable<T> x(zeros<T>(2, 3));
  REQUIRE_THROWS_AS(add(x, Variable<T>(zeros<T>(3, 2))), std::logic_error);
  REQUIRE_THROWS_AS(add(x, Variable<T>(zeros<T>(1, 3))), std::logic_error);
  REQUIRE_THROWS_AS(multiply(x, Variable<T>(zeros<T>(2, 1))), std::logic_error);
  REQUIRE_THROWS_AS(add_row_vector(x, Variable<T>(zeros<T>(2, 3))),
                    std::logic_error);
  REQUIRE_THROWS_AS(add_row_vector(x, Variable<T>(zeros<T>(1, 2))),
                    std::logic_error);
  REQUIRE_THROWS_AS(weighted_sum<T>({{T{1}, x}}), std::logic_error);
  REQUIRE_THROWS_AS(weighted_sum<T>({}), std::logic_error);
}

TEMPLATE_TEST_CASE("a gradient is the sum of what arrives",
                   "[operations]",
                   float,
                   double) {
  using T = TestType;
  std::optional<Matrix<T>> gradient;
  accumulate<T>(gradient, {{1, 2}});
  REQUIRE(same_bits(*gradient, {{1, 2}}));
  accumulate<T>(gradient, {{10, 20}});
  accumulate<T>(gradient, {{100, 200}});
  REQUIRE(same_bits(*gradient, {{111, 222}}));
  REQUIRE_THROWS_AS(accumulate<T>(gradient, {{1, 2, 3}}), std::logic_error);
}

TEST_CASE("the gradient check passes right gradients and not wrong ones",
          "[gradient_error]") {
  const auto p = parameter_of(random_matrix<double>(3, 4, 1));
  // x ⊙ x with a gradient that is `factor` times what it should be.
  const auto loss = [&](double factor) {
    return [&, factor](Tape<double>* tape) {
      const Variable<double> x =
          tape == nullptr ? Variable<double>(p->value) : tape->watch(p);
      Matrix<double> y = multiply(x, x).value();
      if (tape == nullptr) {
        return weighted_total(Variable<double>(std::move(y)));
      }
      return weighted_total(tape->record(
          {x}, std::move(y),
          [x = x.shared_value(), factor](const Matrix<double>& dy,
                                         InputGradients<double>& inputs) {
            Matrix<double> dx = dy;
            for (std::size_t i = 0; i < dx.size(); ++i) {
              values(dx)[i] *= 2 * factor * values(*x)[i];
            }
            inputs.add(0, std::move(dx));
          }));
    };
  };
  const Matrix<double> before = *p->value;
  REQUIRE(gradient_error(loss(1), p) < 1e-9);
  REQUIRE(gradient_error(loss(1.01), p) == Approx(0.01).epsilon(1e-4));
  REQUIRE(gradient_error(loss(0), p) == Approx(1).epsilon(1e-4));
  REQUIRE(gradient_error(loss(-1), p) == Approx(2).epsilon(1e-4));
  REQUIRE(same_bits(*p->value, before));
}

TEST_CASE("the gradient check looks at every element", "[gradient_error]") {
  const auto p = parameter_of(random_matrix<double>(2, 3, 1));
  for (std::size_t wrong = 0; wrong < 6; ++wrong) {
    const auto loss = [&](Tape<double>* tape) {
      const Variable<double> x =
          tape == nullptr ? Variable<double>(p->value) : tape->watch(p);
      Matrix<double> sum = weighted_total(Variable<double>(x.value())).value();
      if (tape == nullptr) {
        return Variable<double>(std::move(sum));
      }
      return tape->record(
          {x}, std::move(sum),
          [wrong](const Matrix<double>& dy, InputGradients<double>& inputs) {
            Matrix<double> dx = random_matrix<double>(2, 3, 77);
            values(dx)[wrong] += 0.1 * dy(0, 0);
            inputs.add(0, std::move(dx));
          });
    };
    INFO("element " << wrong);
    REQUIRE(gradient_error(loss, p) > 0.01);
  }
}

TEST_CASE("the gradient check takes a missing gradient for zero",
          "[gradient_error]") {
  const auto used = parameter_of(random_matrix<double>(2, 3, 1));
  const auto unused = parameter_of(random_matrix<double>(2, 3, 2));
  const auto loss = [&](Tape<double>* tape) {
    return weighted_total(tape == nullptr ? Variable<double>(used->value)
                                          : tape->watch(used));
  };
  REQUIRE(gradient_error(loss, unused) == 0);
}
