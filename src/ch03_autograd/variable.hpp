#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "ch03_autograd/parameter.hpp"

namespace distilbert {

template <class T>
class Tape;

/// A value in a computation: a shared matrix and, where a tape records the
/// computation, the number of its node there. Copies are cheap and share both.
template <class T>
class Variable {
 public:
  Variable() = default;

  /// A constant: nothing is recorded for it and it has no gradient.
  explicit Variable(Matrix<T> value)
      : value_(std::make_shared<const Matrix<T>>(std::move(value))) {}

  /// A constant that shares a matrix with others.
  explicit Variable(std::shared_ptr<const Matrix<T>> value)
      : value_(std::move(value)) {}

  /// The matrix; the variable must have one.
  [[nodiscard]] const Matrix<T>& value() const { return *value_; }

  /// Keeps the value alive for longer than the variable.
  [[nodiscard]] const std::shared_ptr<const Matrix<T>>& shared_value() const {
    return value_;
  }

  /// The tape that records this value, or nullptr.
  [[nodiscard]] Tape<T>* tape() const { return tape_; }

  /// The number of its node on that tape.
  [[nodiscard]] std::size_t node() const { return node_; }

 private:
  friend class Tape<T>;

  Variable(std::shared_ptr<const Matrix<T>> value,
           Tape<T>* tape,
           std::size_t node)
      : value_(std::move(value)), tape_(tape), node_(node) {}

  std::shared_ptr<const Matrix<T>> value_;
  Tape<T>* tape_ = nullptr;
  std::size_t node_ = 0;
};

}  // namespace distilbert
