#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ch03_autograd/tape.hpp"

namespace distilbert {

/// Where an answer begins and ends: positions of tokens in its own sequence,
/// counted from 0. Nothing where the answer isn't in the sequence: it doesn't
/// count.
struct AnswerSpan {
  std::optional<std::size_t> start;
  std::optional<std::size_t> end;
};

/// The loss of question answering: the mean of two cross-entropies, one for the
/// start and one for the end, each a softmax over the tokens of a sequence and
/// averaged over the sequences where it counts. `logits` is [tokens, 2],
/// packed; column 0 is for the start. Where none counts the loss is NaN, as in
/// the reference. Recorded: dlogits = dloss · (p - onehot) / (2 · counted).
template <class T>
Variable<T> span_loss(const Variable<T>& logits,
                      const std::vector<std::size_t>& sequence_offsets,
                      const std::vector<AnswerSpan>& answers);

}  // namespace distilbert
