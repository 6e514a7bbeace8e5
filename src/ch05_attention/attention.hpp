#pragma once

#include <optional>

#include "ch03_autograd/tape.hpp"
#include "ch05_attention/attention_layout.hpp"

namespace distilbert {

/// Whether attention keeps its probabilities for a backward pass.
enum class KeepProbabilities : bool { kNo, kYes };

/// What attention computes, with what its backward pass reads.
template <class T>
struct AttentionResult {
  /// What the heads gathered, side by side [tokens, hidden].
  Matrix<T> context;
  /// For each sequence of n tokens and each of its heads the n · n
  /// probabilities, one block after another [1, sum]; empty if not kept.
  Matrix<T> probabilities;
  /// The same after dropout; empty without dropout.
  Matrix<T> dropped;
};

/// Multi-head self-attention on a packed batch: for each sequence and head
///   context = dropout(softmax(q · kᵀ / √head_size)) · v
/// with q, k, v and the result [tokens, hidden]. A token attends to the tokens
/// of its own sequence; there is no padding, hence no mask.
template <class T>
AttentionResult<T> attention(const Matrix<T>& q,
                             const Matrix<T>& k,
                             const Matrix<T>& v,
                             const AttentionLayout& layout,
                             const std::optional<AttentionDropout>& dropout,
                             KeepProbabilities keep);

/// The gradients of a loss by the inputs of attention.
template <class T>
struct AttentionGradients {
  Matrix<T> q, k, v;  ///< [tokens, hidden] each
};

/// The gradients of attention, given that of the context. For one head, with
/// probabilities p, after dropout p̃ = p ⊙ m (m is 0 or 1 / (1 - probability)):
///   dv = p̃ᵀ · dcontext        dp̃ = dcontext · vᵀ
///   ds = p̃ ⊙ dp̃ - p ⊙ rowsum(p̃ ⊙ dp̃)
///   dq = ds · k / √head_size   dk = dsᵀ · q / √head_size
template <class T>
AttentionGradients<T> attention_backward(const Matrix<T>& dcontext,
                                         const Matrix<T>& q,
                                         const Matrix<T>& k,
                                         const Matrix<T>& v,
                                         const AttentionResult<T>& result,
                                         const AttentionLayout& layout);

/// The same, recorded. Without a tape no probabilities are kept.
template <class T>
Variable<T> attention(const Variable<T>& q,
                      const Variable<T>& k,
                      const Variable<T>& v,
                      const AttentionLayout& layout,
                      const std::optional<AttentionDropout>& dropout);

}  // namespace distilbert
