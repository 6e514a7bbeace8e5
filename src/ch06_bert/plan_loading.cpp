#include "ch06_bert/plan_loading.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distilbert {

namespace {

std::string without_prefix(const std::string& name) {
  for (const std::string_view prefix : {"bert.", "distilbert."}) {
    if (name.starts_with(prefix)) {
      return name.substr(prefix.size());
    }
  }
  return name;
}

std::string with_new_layer_norm_name(const std::string& name) {
  const auto replaced = [&name](std::string_view end, std::string_view by) {
    return name.substr(0, name.size() - end.size()).append(by);
  };
  if (name.ends_with("LayerNorm.gamma")) {
    return replaced("gamma", "weight");
  }
  if (name.ends_with("LayerNorm.beta")) {
    return replaced("beta", "bias");
  }
  return name;
}

// The file's tensors by each name they answer to.
class TensorIndex {
 public:
  explicit TensorIndex(std::span<const NamedShape> tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      exact_.emplace(tensors[i].name, i);
    }
    // A second tensor under one of these names doesn't displace the first.
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const auto renamed = with_new_layer_norm_name(tensors[i].name);
      exact_.emplace(renamed, i);
      without_prefix_.emplace(without_prefix(renamed), i);
    }
  }

  [[nodiscard]] std::optional<std::size_t> find(
      const ExpectedParameter& parameter) const {
    std::vector<std::string> names = {parameter.name};
    names.insert(names.end(), parameter.aliases.begin(),
                 parameter.aliases.end());
    for (const std::string& name : names) {
      if (const auto found = exact_.find(name); found != exact_.end()) {
        return found->second;
      }
      // A head's own tensors have no prefix; BERT's pooler has one, although
      // it comes and goes with the head.
      const std::string bare = without_prefix(name);
      const auto found = without_prefix_.find(bare);
      if ((!parameter.is_head || bare != name) &&
          found != without_prefix_.end()) {
        return found->second;
      }
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, std::size_t> exact_;
  std::map<std::string, std::size_t> without_prefix_;
};

bool is_of_a_head(const std::string& name) {
  constexpr std::array<std::string_view, 8> kHeads = {
      "cls.",        "classifier.",      "pre_classifier.",
      "qa_outputs.", "vocab_transform.", "vocab_layer_norm.",
      "pooler.",     "vocab_projector.",
  };
  const std::string own = without_prefix(name);
  return std::any_of(kHeads.begin(), kHeads.end(),
                     [&own](auto head) { return own.starts_with(head); });
}

void sort_out_leftovers(std::span<const ExpectedParameter> parameters,
                        std::span<const NamedShape> tensors,
                        const std::set<std::size_t>& taken,
                        LoadingPlan& plan) {
  std::set<std::string> tied;
  for (const ExpectedParameter& parameter : parameters) {
    tied.insert(parameter.aliases.begin(), parameter.aliases.end());
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::string& name = tensors[i].name;
    const bool is_buffer = without_prefix(name) == "embeddings.position_ids";
    if (taken.contains(i) || tied.contains(name) || is_buffer) {
      continue;
    }
    (is_of_a_head(name) ? plan.unused : plan.unexpected).push_back(name);
  }
}

}  // namespace

LoadingPlan plan_loading(std::span<const ExpectedParameter> parameters,
                         std::span<const NamedShape> tensors) {
  const TensorIndex index(tensors);
  LoadingPlan plan;
  std::set<std::size_t> taken;
  for (const ExpectedParameter& parameter : parameters) {
    auto& source = plan.sources.emplace_back(index.find(parameter));
    if (!source) {
      (parameter.is_head ? plan.missing_head : plan.missing)
          .push_back(parameter.name);
      continue;
    }
    taken.insert(*source);
    const NamedShape& tensor = tensors[*source];
    if (tensor.shape != parameter.shape) {
      plan.misshapen.push_back(
          {parameter.name, tensor.name, parameter.shape, tensor.shape});
      source.reset();
    }
  }
  sort_out_leftovers(parameters, tensors, taken, plan);
  return plan;
}

}  // namespace distilbert
