#include "ch03_autograd/tape.hpp"

#include <algorithm>

namespace distilbert {

template <class T>
Variable<T> Tape<T>::watch(const ParameterPtr<T>& parameter) {
  const auto found = watched_.find(parameter.get());
  if (found != watched_.end()) {
    return found->second;
  }
  Node node;
  node.parameter = parameter;
  const Variable<T> variable = add_node(parameter->value, std::move(node));
  watched_.emplace(parameter.get(), variable);
  return variable;
}

template <class T>
Variable<T> Tape<T>::record(const std::vector<Variable<T>>& inputs,
                            Matrix<T> value,
                            BackwardStep backward) {
  Node node;
  node.backward = std::move(backward);
  for (const Variable<T>& input : inputs) {
    require(input.tape() == nullptr || input.tape() == this,
            "an operation joins variables of two tapes");
    node.inputs.push_back(
        input.tape() == nullptr ? std::nullopt : std::optional(input.node()));
  }
  node.bytes = value.size() * sizeof(T);
  return add_node(std::make_shared<const Matrix<T>>(std::move(value)),
                  std::move(node));
}

template <class T>
Variable<T> Tape<T>::add_node(std::shared_ptr<const Matrix<T>> value,
                              Node node) {
  ++counters_.nodes_recorded;
  ++counters_.nodes_held;
  counters_.bytes_held += node.bytes;
  counters_.peak_bytes_held =
      std::max(counters_.peak_bytes_held, counters_.bytes_held);
  nodes_.push_back(std::move(node));
  return Variable<T>(std::move(value), this, nodes_.size() - 1);
}

template <class T>
void Tape<T>::clear() {
  nodes_.clear();
  watched_.clear();
  counters_.nodes_held = 0;
  counters_.bytes_held = 0;
}

template Variable<float> Tape<float>::watch(const ParameterPtr<float>&);
template Variable<double> Tape<double>::watch(const ParameterPtr<double>&);
template Variable<float> Tape<float>::record(
    const std::vector<Variable<float>>&, Matrix<float>, BackwardStep);
template Variable<double> Tape<double>::record(
    const std::vector<Variable<double>>&, Matrix<double>, BackwardStep);
template Variable<float> Tape<float>::add_node(
    std::shared_ptr<const Matrix<float>>, Node);
template Variable<double> Tape<double>::add_node(
    std::shared_ptr<const Matrix<double>>, Node);
template void Tape<float>::clear();
template void Tape<double>::clear();

}  // namespace distilbert
