#pragma once

#include <string>
#include <vector>

#include "catch.hpp"
#include "ch03_autograd/gradient_error.hpp"
#include "common/threads.hpp"
#include "operation_case.hpp"

namespace distilbert::testing {

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
