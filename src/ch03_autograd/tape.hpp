#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ch03_autograd/accumulate.hpp"
#include "ch03_autograd/gradients.hpp"
#include "ch03_autograd/variable.hpp"

namespace distilbert {

/// What the backward step of one operation writes to: the gradients of its
/// inputs, numbered in the order in which they were given to record().
template <class T>
class InputGradients {
 public:
  using Slot = std::optional<Matrix<T>>;

  /// One slot for each input, which must outlive this; nullptr for a constant.
  explicit InputGradients(std::vector<Slot*> slots)
      : slots_(std::move(slots)) {}

  /// False for an input that is a constant: its gradient needn't be computed.
  [[nodiscard]] bool wanted(std::size_t input) const {
    return slots_[input] != nullptr;
  }

  /// Adds to the gradient of an input; does nothing for a constant.
  void add(std::size_t input, Matrix<T> contribution) {
    if (wanted(input)) {
      accumulate(*slots_[input], std::move(contribution));
    }
  }

  /// The sum so far, for operations that can add in place. The input must be
  /// wanted().
  Slot& sum(std::size_t input) { return *slots_[input]; }

 private:
  std::vector<Slot*> slots_;
};

/// What a tape has done, for tests and exercises.
struct TapeCounters {
  std::uint64_t nodes_recorded = 0;
  std::uint64_t backward_steps_run = 0;
  std::size_t nodes_held = 0;
  std::size_t bytes_held = 0;  ///< values of the nodes held
  std::size_t peak_bytes_held = 0;
};

/// A list of operations in the order in which they were computed. The order of
/// computation is a topological order, so running the list backward visits
/// every operation after all that used its result: that is all of reverse-mode
/// differentiation.
///
/// A tape is an ordinary object. Distillation records the student on one and
/// the teacher on none; inference has no tape at all. Not for several threads
/// at once: give each its own. A tape must outlive the variables it records.
template <class T>
class Tape {
 public:
  /// Adds to the gradients of an operation's inputs, given the gradient of its
  /// result.
  using BackwardStep =
      std::function<void(const Matrix<T>& gradient, InputGradients<T>&)>;

  Tape() = default;
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  /// A variable for a parameter. The same parameter gives the same node, so
  /// that a tied weight has one gradient.
  Variable<T> watch(const ParameterPtr<T>& parameter);

  /// The result of an operation on `inputs`, of which at least one must be on
  /// this tape.
  Variable<T> record(const std::vector<Variable<T>>& inputs,
                     Matrix<T> value,
                     BackwardStep backward);

  /// Adds the derivative of `output`, a [1, 1] variable of this tape, by every
  /// parameter it depends on to `gradients`. Frees each node as it passes: the
  /// tape is empty afterwards, ready for the next step.
  void backward(const Variable<T>& output, Gradients<T>& gradients);

  /// What it has done and what it holds now.
  [[nodiscard]] const TapeCounters& counters() const { return counters_; }

 private:
  struct Node {
    std::vector<std::optional<std::size_t>> inputs;
    BackwardStep backward;
    ParameterPtr<T> parameter;  // of a watched parameter's node
    std::optional<Matrix<T>> gradient;
    std::size_t bytes = 0;
  };

  Variable<T> add_node(std::shared_ptr<const Matrix<T>> value, Node node);
  void run_backward_step(const Node& node, const Matrix<T>& gradient);
  void clear();

  std::vector<Node> nodes_;
  std::unordered_map<const Parameter<T>*, Variable<T>> watched_;
  TapeCounters counters_;
};

extern template class Tape<float>;
extern template class Tape<double>;

/// The tape that an operation on these inputs must be recorded on: that of its
/// first recorded input, or nullptr if all are constants.
template <class T>
Tape<T>* tape_of(std::initializer_list<const Variable<T>*> inputs) {
  for (const Variable<T>* input : inputs) {
    if (input->tape() != nullptr) {
      return input->tape();
    }
  }
  return nullptr;
}

}  // namespace distilbert
