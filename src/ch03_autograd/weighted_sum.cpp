#include "ch03_autograd/weighted_sum.hpp"

namespace distilbert {

template <class T>
Variable<T> weighted_sum(const std::vector<WeightedTerm<T>>& terms) {
  require(!terms.empty(), "a weighted sum of no terms");
  T sum{0};
  Tape<T>* tape = nullptr;
  std::vector<Variable<T>> inputs;
  std::vector<T> weights;
  for (const WeightedTerm<T>& term : terms) {
    require_shape(term.value.value(), 1, 1, "term of a weighted sum");
    sum += term.weight * term.value.value()(0, 0);
    tape = tape == nullptr ? term.value.tape() : tape;
    inputs.push_back(term.value);
    weights.push_back(term.weight);
  }
  if (tape == nullptr) {
    return Variable<T>(scalar(sum));
  }
  return tape->record(inputs, scalar(sum),
                      [weights = std::move(weights)](
                          const Matrix<T>& dy, InputGradients<T>& gradients) {
                        for (std::size_t i = 0; i < weights.size(); ++i) {
                          gradients.add(i, scalar(weights[i] * dy(0, 0)));
                        }
                      });
}

template Variable<float> weighted_sum(const std::vector<WeightedTerm<float>>&);
template Variable<double> weighted_sum(
    const std::vector<WeightedTerm<double>>&);

}  // namespace distilbert
