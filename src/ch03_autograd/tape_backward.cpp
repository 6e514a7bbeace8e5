#include "ch03_autograd/tape.hpp"

namespace distilbert {

// --8<-- [start:backward]
template <class T>
void Tape<T>::backward(const Variable<T>& output, Gradients<T>& gradients) {
  require(output.tape() == this, "backward from a variable not on this tape");
  require_shape(output.value(), 1, 1, "output of backward");
  for (Node& node : nodes_) {
    if (node.parameter != nullptr) {
      node.gradient.swap(gradients.slot(*node.parameter));
    }
  }
  accumulate(nodes_[output.node()].gradient, scalar(T{1}));
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    // --8<-- [start:reverse_loop]
    if (node.parameter != nullptr) {
      node.gradient.swap(gradients.slot(*node.parameter));
    } else if (node.gradient) {
      run_backward_step(node, *node.gradient);
    }
    counters_.bytes_held -= node.bytes;
    --counters_.nodes_held;
    nodes_.pop_back();
    // --8<-- [end:reverse_loop]
  }
  clear();
}

// --8<-- [end:backward]

template <class T>
void Tape<T>::run_backward_step(const Node& node, const Matrix<T>& gradient) {
  std::vector<std::optional<Matrix<T>>*> slots;
  slots.reserve(node.inputs.size());
  for (const std::optional<std::size_t>& input : node.inputs) {
    slots.push_back(input ? &nodes_[*input].gradient : nullptr);
  }
  InputGradients<T> inputs(std::move(slots));
  node.backward(gradient, inputs);
  ++counters_.backward_steps_run;
}

template void Tape<float>::run_backward_step(const Node&, const Matrix<float>&);
template void Tape<double>::run_backward_step(const Node&,
                                              const Matrix<double>&);
template void Tape<float>::backward(const Variable<float>&, Gradients<float>&);
template void Tape<double>::backward(const Variable<double>&,
                                     Gradients<double>&);

}  // namespace distilbert
