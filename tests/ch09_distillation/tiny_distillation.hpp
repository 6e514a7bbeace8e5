#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ch07_distilbert/load_model.hpp"
#include "ch09_distillation/triple_loss.hpp"
#include "read_json.hpp"

namespace distilbert::testing {

/// The i-th element of the k-th parameter, for each golden its own rule.
inline double weight_by_rule(const std::string& golden,
                             std::size_t k,
                             std::size_t i) {
  const auto place = static_cast<double>(k);
  const auto index = static_cast<double>(i);
  return golden == "printed"
             ? 0.1 * std::sin(place + 1 + index)
             : 0.5 * std::sin(place + index + index * index / 7);
}

/// Fills a model: parameters in the ASCII order of their names, tied ones once;
/// 1 is added to the weights of layer norms.
template <class T>
void fill_by_rule(const Model<T>& model, const std::string& golden) {
  std::map<std::string, ParameterPtr<T>> by_name;
  for (const auto& parameter : model.parameters().parameters()) {
    by_name.emplace(parameter->name, parameter);
  }
  std::size_t k = 0;
  for (const auto& [name, parameter] : by_name) {
    const bool is_vector = parameter->shape.size() == 1;
    const bool is_gain = name.ends_with("weight") &&
                         (name.find("norm") != std::string::npos ||
                          name.find("LayerNorm") != std::string::npos);
    *parameter->value = make_matrix<T>(is_vector ? 1 : parameter->shape[0],
                                       parameter->shape.back());
    for (std::size_t i = 0; i < parameter->value->size(); ++i) {
      values(*parameter->value)[i] =
          static_cast<T>(weight_by_rule(golden, k, i) + (is_gain ? 1 : 0));
    }
    ++k;
  }
}

inline ModelConfig teacher_config(const nlohmann::json& json) {
  ModelConfig config = default_model_config(ModelKind::kBert);
  config.vocab_size = json.at("vocab_size");
  config.hidden_size = json.at("hidden_size");
  config.layers = json.at("num_hidden_layers");
  config.heads = json.at("num_attention_heads");
  config.intermediate_size = json.at("intermediate_size");
  config.max_positions = json.at("max_position_embeddings");
  config.type_vocab_size = json.at("type_vocab_size");
  return config;
}

inline ModelConfig student_config(const nlohmann::json& json) {
  ModelConfig config = default_model_config(ModelKind::kDistilBert);
  config.vocab_size = json.at("vocab_size");
  config.hidden_size = json.at("dim");
  config.layers = json.at("n_layers");
  config.heads = json.at("n_heads");
  config.intermediate_size = json.at("hidden_dim");
  config.max_positions = json.at("max_position_embeddings");
  return config;
}

/// One step of the triple loss on tiny models: a masked BERT teacher with four
/// layers, a DistilBERT student with two, eleven tokens.
template <class T>
struct TinyDistillation {
  nlohmann::json golden;
  std::unique_ptr<Model<T>> teacher;
  std::unique_ptr<Model<T>> student;
  PackedBatch batch;
  std::vector<std::int32_t> labels;

  explicit TinyDistillation(const std::string& name)
      : golden(read_json("distillation/" + name + ".json")),
        teacher(make_model<T>(teacher_config(golden["teacher"]),
                              HeadKind::kMaskedLm)),
        student(make_model<T>(student_config(golden["student"]),
                              HeadKind::kMaskedLm)) {
    fill_by_rule(*teacher, name);
    fill_by_rule(*student, name);
    batch.sequence_offsets = {0};
    for (const auto& row : golden["input_ids"]) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        batch.ids.push_back(row[i]);
        batch.type_ids.push_back(0);
        batch.positions.push_back(static_cast<std::int32_t>(i));
      }
      batch.sequence_offsets.push_back(batch.ids.size());
    }
    for (const auto& row : golden["labels"]) {
      labels.insert(labels.end(), row.begin(), row.end());
    }
  }

  [[nodiscard]] TripleLoss<T> loss(Tape<T>* tape) const {
    const ModelOutput<T> of_teacher = teacher->forward(batch);
    const ModelOutput<T> of_student = student->forward(batch, {.tape = tape});
    return triple_loss<T>({*of_student.logits, of_student.last_hidden_state(),
                           of_teacher.logits->value(),
                           of_teacher.last_hidden_state().value(), labels},
                          {});
  }
};

}  // namespace distilbert::testing
