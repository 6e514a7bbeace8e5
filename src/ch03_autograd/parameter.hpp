#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ch01_tensor/tensor.hpp"

namespace distilbert {

/// A tensor that training changes. It is shared: a weight that a model uses in
/// two places (tied weights) is one Parameter, and has one gradient.
template <class T>
struct Parameter {
  /// The name it has in a Hugging Face checkpoint.
  std::string name;
  /// Its shape there: [n] for a vector, which `value` holds as one row.
  std::vector<std::size_t> shape;
  /// Its elements. Variables share them; only an optimizer or a loader, which
  /// run between forward passes, may change them.
  std::shared_ptr<Matrix<T>> value;
};

template <class T>
using ParameterPtr = std::shared_ptr<Parameter<T>>;

/// A parameter of the given shape ([n] or [rows, columns]), not initialised.
template <class T>
ParameterPtr<T> make_parameter(std::string name,
                               std::vector<std::size_t> shape) {
  require(shape.size() == 1 || shape.size() == 2,
          "{}: a parameter has one or two dimensions, not {}", name,
          shape.size());
  const std::size_t columns = shape.back();
  const std::size_t rows = shape.size() == 1 ? 1 : shape.front();
  return std::make_shared<Parameter<T>>(
      Parameter<T>{std::move(name), std::move(shape),
                   std::make_shared<Matrix<T>>(make_matrix<T>(rows, columns))});
}

}  // namespace distilbert
