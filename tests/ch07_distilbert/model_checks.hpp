#pragma once

#include <string>
#include <vector>

#include "ch07_distilbert/load_model.hpp"
#include "golden_batch.hpp"
#include "goldens.hpp"

namespace distilbert::testing {

/// The small random models of tests/golden/models: both families, every head.
inline std::vector<std::string> golden_models() {
  return {"bert_body",
          "bert_masked_lm",
          "bert_sequence_classification",
          "bert_regression",
          "bert_token_classification",
          "bert_question_answering",
          "distilbert_body",
          "distilbert_masked_lm",
          "distilbert_sequence_classification",
          "distilbert_regression",
          "distilbert_token_classification",
          "distilbert_question_answering"};
}

/// Compares all that a forward pass returns with PyTorch's.
template <class T>
void check_outputs(const ModelOutput<T>& output, const Goldens& goldens) {
  for (std::size_t i = 0; i < output.hidden_states.size(); ++i) {
    const std::string name = "hidden_states." + std::to_string(i);
    require_forward_equal(output.hidden_states[i].value(),
                          goldens.matrix<double>(name), name);
  }
  REQUIRE(output.pooler_output.has_value() == goldens.has("pooler_output"));
  if (output.pooler_output) {
    require_forward_equal(output.pooler_output->value(),
                          goldens.matrix<double>("pooler_output"),
                          "pooler_output");
  }
  REQUIRE(output.logits.has_value() == goldens.has("logits"));
  if (output.logits) {
    require_forward_equal(output.logits->value(),
                          goldens.matrix<double>("logits"), "logits");
  }
}

}  // namespace distilbert::testing
