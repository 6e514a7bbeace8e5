#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace distilbert {

/// Where a model keeps each of a task's labels: element i of the result is the
/// model's index (the column of its logits) for the task's label i.
///
/// `model_labels` are the names in the model's `id2label`, by index;
/// `task_labels` are the task's, in the task's order. Names are compared
/// without regard to ASCII case. The placeholder names LABEL_0, LABEL_1, …
/// that a model gets when nobody named its labels stand for the task's own
/// order.
///
/// MNLI is why this exists: the `datasets` package says (entailment, neutral,
/// contradiction), Google's BERT code says (contradiction, entailment,
/// neutral), and a model trained under one order scores a few per cent under
/// the other.
///
/// Throws Error, listing both, if the names don't match one to one.
[[nodiscard]] std::vector<std::size_t> label_permutation(
    std::span<const std::string> model_labels,
    std::span<const std::string> task_labels);

}  // namespace distilbert
