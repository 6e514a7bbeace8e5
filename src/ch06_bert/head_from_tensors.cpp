#include "ch06_bert/head_from_tensors.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "ch06_bert/model_config.hpp"

namespace distilbert {

HeadKind head_from_tensors(std::span<const std::string> names) {
  const auto has = [names](std::initializer_list<std::string_view> wanted) {
    return std::find_first_of(names.begin(), names.end(), wanted.begin(),
                              wanted.end()) != names.end();
  };
  if (has({"classifier.weight"})) {
    return has({"pre_classifier.weight", "bert.pooler.dense.weight",
                "pooler.dense.weight"})
               ? HeadKind::kSequenceClassification
               : HeadKind::kTokenClassification;
  }
  if (has({"qa_outputs.weight"})) {
    return HeadKind::kQuestionAnswering;
  }
  if (has({"cls.predictions.transform.dense.weight",
           "vocab_transform.weight"})) {
    return HeadKind::kMaskedLm;
  }
  return HeadKind::kNone;
}

}  // namespace distilbert
