#include "ch07_distilbert/extract_student.hpp"

#include <unordered_map>

#include "ch06_bert/initialize_parameter.hpp"
#include "ch07_distilbert/fold_segment_zero.hpp"
#include "ch07_distilbert/student_name.hpp"

namespace distilbert {
namespace {

using TensorsByName = std::unordered_map<std::string, const Matrix<float>*>;

ModelConfig student_config(const ModelConfig& teacher, std::size_t layers) {
  if (teacher.kind != ModelKind::kBert) {
    fail("the teacher is a DistilBERT, expected a BERT");
  }
  ModelConfig config = default_model_config(ModelKind::kDistilBert);
  config.vocab_size = teacher.vocab_size;
  config.hidden_size = teacher.hidden_size;
  config.layers = static_cast<std::int64_t>(layers);
  config.heads = teacher.heads;
  config.intermediate_size = teacher.intermediate_size;
  config.max_positions = teacher.max_positions;
  config.activation = teacher.activation;
  config.pad_token_id = teacher.pad_token_id;
  config.initializer_range = teacher.initializer_range;
  config.labels = teacher.labels;
  config.problem_type = teacher.problem_type;
  return config;
}

void check_layers(std::span<const std::size_t> layers, std::int64_t available) {
  if (layers.empty()) {
    throw UsageError("no layers to take from the teacher");
  }
  for (const std::size_t layer : layers) {
    if (layer >= static_cast<std::size_t>(available)) {
      throw UsageError(
          fmt::format("layer {} of a teacher that has layers 0 to {}", layer,
                      available - 1));
    }
  }
}

// The teacher's tensors under the names they have in the student. A layer may
// be taken twice, so each of the student's layers is named by itself.
TensorsByName tensors_for_student(const Model<float>& teacher,
                                  std::span<const std::size_t> layers) {
  TensorsByName tensors;
  for (const auto& parameter : teacher.parameters().parameters()) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      // Every layer but number i is hidden behind one that no teacher has.
      std::vector<std::size_t> only(layers.size(), SIZE_MAX);
      only[i] = layers[i];
      if (const auto name = student_name(parameter->name, only)) {
        tensors.emplace(*name, parameter->value.get());
      }
    }
  }
  return tensors;
}

const Matrix<float>& segment_embeddings(const Model<float>& teacher) {
  for (const auto& parameter : teacher.parameters().parameters()) {
    if (parameter->name == "bert.embeddings.token_type_embeddings.weight") {
      return *parameter->value;
    }
  }
  fail("the teacher has no segment embeddings");
}

}  // namespace

LoadedModel<float> extract_student(const Model<float>& teacher,
                                   std::span<const std::size_t> layers,
                                   SegmentEmbeddings segments,
                                   std::uint64_t seed) {
  const ModelConfig config = student_config(teacher.config(), layers.size());
  check_layers(layers, teacher.config().layers);
  const TensorsByName tensors = tensors_for_student(teacher, layers);
  LoadedModel<float> student{make_model<float>(config, teacher.head()), {}};
  const auto parameters = student.model->parameters().parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Parameter<float>& parameter = *parameters[i];
    const auto found = tensors.find(parameter.name);
    if (found == tensors.end()) {
      initialize_parameter(parameter, config.initializer_range, seed,
                           static_cast<std::uint32_t>(i), config.pad_token_id);
      student.report.initialized.push_back(parameter.name);
    } else {
      *parameter.value = *found->second;
    }
    if (segments == SegmentEmbeddings::kFoldZero &&
        parameter.name.ends_with("word_embeddings.weight")) {
      *parameter.value =
          fold_segment_zero(*parameter.value, segment_embeddings(teacher));
    }
  }
  return student;
}

}  // namespace distilbert
