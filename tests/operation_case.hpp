#pragma once

#include <cmath>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch03_autograd/tape.hpp"
#include "goldens.hpp"
#include "random_matrix.hpp"

namespace distilbert::testing {

/// A recorded operation and inputs to try it on.
template <class T>
struct OperationCase {
  std::string name;
  std::vector<Matrix<T>> inputs;
  std::function<Variable<T>(const std::vector<Variable<T>>&)> apply;
};

/// What an operation computes, and the gradients of its inputs for a gradient
/// that arrives at its result.
template <class T>
struct Derivatives {
  Matrix<T> value;
  std::vector<Matrix<T>> gradients;
};

/// Σ x ⊙ weights, recorded: a loss that tells every element of x from every
/// other.
template <class T>
Variable<T> weighted_total(const Variable<T>& x, Matrix<T> weights) {
  require_shape(weights, rows(x.value()), columns(x.value()), "weights");
  T sum{0};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += values(weights)[i] * values(x.value())[i];
  }
  if (x.tape() == nullptr) {
    return Variable<T>(scalar(sum));
  }
  return x.tape()->record(
      {x}, scalar(sum),
      [weights = std::move(weights)](const Matrix<T>& dsum,
                                     InputGradients<T>& inputs) {
        Matrix<T> dx = weights;
        for (T& value : values(dx)) {
          value *= dsum(0, 0);
        }
        inputs.add(0, std::move(dx));
      });
}

/// The same with random weights.
template <class T>
Variable<T> weighted_total(const Variable<T>& x) {
  return weighted_total(
      x, random_matrix<T>(rows(x.value()), columns(x.value()), 77));
}

template <class T>
ParameterPtr<T> parameter_of(const Matrix<T>& value) {
  ParameterPtr<T> parameter =
      make_parameter<T>("input", {rows(value), columns(value)});
  *parameter->value = value;
  return parameter;
}

template <class T>
std::vector<Variable<T>> constants_of(const std::vector<Matrix<T>>& inputs) {
  std::vector<Variable<T>> variables;
  for (const Matrix<T>& input : inputs) {
    variables.push_back(Variable<T>(input));
  }
  return variables;
}

/// Runs an operation forward and backward.
template <class T>
Derivatives<T> differentiate(const OperationCase<T>& operation,
                             const Matrix<T>& upstream) {
  Tape<T> tape;
  std::vector<ParameterPtr<T>> parameters;
  std::vector<Variable<T>> inputs;
  for (const Matrix<T>& input : operation.inputs) {
    parameters.push_back(parameter_of(input));
    inputs.push_back(tape.watch(parameters.back()));
  }
  const Variable<T> result = operation.apply(inputs);
  Derivatives<T> derivatives{result.value(), {}};
  Gradients<T> gradients;
  tape.backward(weighted_total(result, upstream), gradients);
  for (const ParameterPtr<T>& parameter : parameters) {
    INFO(operation.name);
    REQUIRE(gradients.find(*parameter) != nullptr);
    derivatives.gradients.push_back(*gradients.find(*parameter));
  }
  return derivatives;
}

/// The same with a random gradient.
template <class T>
Derivatives<T> differentiate(const OperationCase<T>& operation) {
  const Variable<T> y = operation.apply(constants_of(operation.inputs));
  return differentiate(
      operation, random_matrix<T>(rows(y.value()), columns(y.value()), 78));
}

/// Every bit the same; a NaN equals itself, and 0 differs from -0.
template <class T>
bool same_bits(const Matrix<T>& a, const Matrix<T>& b) {
  return rows(a) == rows(b) && columns(a) == columns(b) &&
         (a.size() == 0 ||
          std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

template <class T>
bool same_bits(const Derivatives<T>& a, const Derivatives<T>& b) {
  bool same =
      same_bits(a.value, b.value) && a.gradients.size() == b.gradients.size();
  for (std::size_t i = 0; same && i < a.gradients.size(); ++i) {
    same = same_bits(a.gradients[i], b.gradients[i]);
  }
  return same;
}

template <class T>
bool all_finite(const Matrix<T>& matrix) {
  bool finite = true;
  for (const T value : values(matrix)) {
    finite = finite && std::isfinite(value);
  }
  return finite;
}

template <class T>
Matrix<double> as_double(const Matrix<T>& matrix) {
  Matrix<double> result = make_matrix<double>(rows(matrix), columns(matrix));
  for (std::size_t i = 0; i < result.size(); ++i) {
    values(result)[i] = values(matrix)[i];
  }
  return result;
}

/// Values and gradients equal within the tolerances of goldens.hpp, which
/// `expected` needn't be double for.
template <class T, class Expected>
void require_equal(const Derivatives<T>& found,
                   const Derivatives<Expected>& expected,
                   const std::string& name) {
  require_forward_equal(found.value, as_double(expected.value), name);
  REQUIRE(found.gradients.size() == expected.gradients.size());
  double squares = 0;
  for (const Matrix<Expected>& gradient : expected.gradients) {
    squares += std::pow(norm(as_double(gradient)), 2);
  }
  for (std::size_t i = 0; i < found.gradients.size(); ++i) {
    require_gradient_equal(found.gradients[i], as_double(expected.gradients[i]),
                           std::sqrt(squares),
                           name + ", gradient " + std::to_string(i));
  }
}

}  // namespace distilbert::testing
