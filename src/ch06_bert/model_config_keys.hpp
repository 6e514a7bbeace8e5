#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ch06_bert/model_config.hpp"

namespace distilbert {

/// The names of a setting in config.json, the one that wins first, the one to
/// write last. Empty where a family doesn't have the setting.
using Keys = std::vector<std::string_view>;

/// A setting of ModelConfig and its names in both families.
template <class T>
struct Setting {
  T ModelConfig::* member;
  Keys bert;
  Keys distilbert;

  [[nodiscard]] const Keys& keys(ModelKind kind) const {
    return kind == ModelKind::kBert ? bert : distilbert;
  }
};

using SizeSetting = Setting<std::int64_t>;
using NumberSetting = Setting<double>;

/// The sizes: integers of at least 1.
extern const std::array<SizeSetting, 7> kSizeSettings;

/// The probabilities.
extern const std::array<NumberSetting, 4> kDropoutSettings;

inline constexpr std::array<HeadKind, 5> kHeads = {
    HeadKind::kNone, HeadKind::kMaskedLm, HeadKind::kSequenceClassification,
    HeadKind::kTokenClassification, HeadKind::kQuestionAnswering};

struct ProblemTypeName {
  ProblemType type;
  std::string_view name;
};

inline constexpr std::array<ProblemTypeName, 3> kProblemTypes = {{
    {ProblemType::kRegression, "regression"},
    {ProblemType::kSingleLabelClassification, "single_label_classification"},
    {ProblemType::kMultiLabelClassification, "multi_label_classification"},
}};

/// The setting of one of the sizes.
const SizeSetting& setting_of(std::int64_t ModelConfig::* size);

/// The activation's key.
std::string_view activation_key(ModelKind kind);

/// True for a key of which ModelConfig holds the value, or which is written
/// anew ("architectures", the weights' type).
bool is_known_key(std::string_view key, ModelKind kind);

}  // namespace distilbert
