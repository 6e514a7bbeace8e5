#pragma once

#include <cmath>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch03_autograd/gradient_error.hpp"
#include "ch03_autograd/tape.hpp"
#include "common/threads.hpp"
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

/// Compares an operation with tests/golden/operations/FILE: the inputs of that
/// names, the gradient that arrives, the result and the gradients that leave.
template <class T>
void require_golden(const std::string& file,
                    const std::vector<std::string>& names,
                    const decltype(OperationCase<T>::apply)& apply) {
  const Goldens goldens("operations/" + file + ".safetensors");
  OperationCase<T> operation{file, {}, apply};
  Derivatives<double> expected{goldens.matrix<double>("output"), {}};
  for (const std::string& name : names) {
    operation.inputs.push_back(goldens.matrix<T>(name));
    expected.gradients.push_back(goldens.matrix<double>("gradient." + name));
  }
  require_equal(differentiate(operation, goldens.matrix<T>("upstream.output")),
                expected, file);
}

/// The gradient of every input by central differences.
inline void require_measured_gradients(const OperationCase<double>& operation) {
  std::vector<ParameterPtr<double>> parameters;
  for (const Matrix<double>& input : operation.inputs) {
    parameters.push_back(parameter_of(input));
  }
  const auto loss = [&](Tape<double>* tape) {
    std::vector<Variable<double>> inputs;
    for (const ParameterPtr<double>& parameter : parameters) {
      inputs.push_back(tape == nullptr ? Variable<double>(parameter->value)
                                       : tape->watch(parameter));
    }
    return weighted_total(operation.apply(inputs));
  };
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    INFO(operation.name << ", input " << i);
    REQUIRE(gradient_error(loss, parameters[i]) <= 1e-8);
  }
}

/// Fills memory with NaN while it lives.
class PoisonedMemory {
 public:
  PoisonedMemory() { BlockPool::shared().set_poisoning(true); }

  PoisonedMemory(const PoisonedMemory&) = delete;
  PoisonedMemory& operator=(const PoisonedMemory&) = delete;

  ~PoisonedMemory() { BlockPool::shared().set_poisoning(false); }
};

/// Sets the number of threads while it lives.
class Threads {
 public:
  explicit Threads(std::size_t threads) : before_(thread_count()) {
    set_thread_count(threads);
  }

  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  ~Threads() { set_thread_count(before_); }

 private:
  std::size_t before_;
};

/// An operation writes every element before it reads it.
template <class T>
void require_no_uninitialised_reads(const OperationCase<T>& operation) {
  INFO(operation.name);
  const Derivatives<T> expected = differentiate(operation);
  const PoisonedMemory poisoned;
  const Derivatives<T> found = differentiate(operation);
  REQUIRE(all_finite(found.value));
  REQUIRE(same_bits(found, expected));
}

/// On constants an operation computes the same and records nothing; each input
/// may be a constant beside others that aren't, which changes no gradient.
template <class T>
void require_right_recording(const OperationCase<T>& operation) {
  INFO(operation.name);
  const Derivatives<T> expected = differentiate(operation);
  const std::vector<Variable<T>> constants = constants_of(operation.inputs);
  const Variable<T> unrecorded = operation.apply(constants);
  REQUIRE(unrecorded.tape() == nullptr);
  REQUIRE(same_bits(unrecorded.value(), expected.value));
  const Matrix<T> upstream = random_matrix<T>(rows(unrecorded.value()),
                                              columns(unrecorded.value()), 78);
  for (std::size_t i = 0; i < constants.size(); ++i) {
    Tape<T> tape;
    const ParameterPtr<T> parameter = parameter_of(operation.inputs[i]);
    std::vector<Variable<T>> inputs = constants;
    inputs[i] = tape.watch(parameter);
    const Variable<T> result = operation.apply(inputs);
    REQUIRE(result.tape() == &tape);
    REQUIRE(same_bits(result.value(), expected.value));
    Gradients<T> gradients;
    tape.backward(weighted_total(result, upstream), gradients);
    REQUIRE(gradients.find(*parameter) != nullptr);
    REQUIRE(same_bits(*gradients.find(*parameter), expected.gradients[i]));
  }
}

/// What an operation computes with a number of threads, which must be the same
/// bits in every run.
template <class T>
Derivatives<T> differentiate_with_threads(const OperationCase<T>& operation,
                                          std::size_t threads) {
  INFO(operation.name << " with " << threads << " threads");
  const Threads set(threads);
  const Derivatives<T> first = differentiate(operation);
  REQUIRE(same_bits(differentiate(operation), first));
  return first;
}

/// The same bits with one thread, two or three.
template <class T>
void require_same_bits_for_any_threads(const OperationCase<T>& operation) {
  INFO(operation.name);
  const auto expected = differentiate_with_threads(operation, 1);
  REQUIRE(same_bits(differentiate_with_threads(operation, 2), expected));
  REQUIRE(same_bits(differentiate_with_threads(operation, 3), expected));
}

/// The same but for rounding: BLAS adds in another order when a product is
/// shared out, yet always in the same one for the same number of threads.
template <class T>
void require_equal_for_any_threads(const OperationCase<T>& operation) {
  const auto expected = differentiate_with_threads(operation, 1);
  require_equal(differentiate_with_threads(operation, 2), expected,
                operation.name);
  require_equal(differentiate_with_threads(operation, 3), expected,
                operation.name);
}

}  // namespace distilbert::testing
