#include "ch04_layers/select_rows.hpp"
#include "ch06_bert/pooler.hpp"

namespace distilbert {

template <class T>
Variable<T> first_tokens(const Variable<T>& hidden_states,
                         const PackedBatch& batch) {
  if (rows(hidden_states.value()) == batch.sequences()) {
    return hidden_states;
  }
  std::vector<std::size_t> first = batch.sequence_offsets;
  first.pop_back();
  return select_rows(hidden_states, std::move(first));
}

template Variable<float> first_tokens(const Variable<float>&,
                                      const PackedBatch&);
template Variable<double> first_tokens(const Variable<double>&,
                                       const PackedBatch&);

}  // namespace distilbert
