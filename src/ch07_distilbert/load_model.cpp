#include "ch07_distilbert/load_model.hpp"

#include "ch06_bert/bert_model.hpp"
#include "ch06_bert/head_from_tensors.hpp"
#include "ch07_distilbert/distilbert_model.hpp"
#include "common/mapped_file.hpp"

namespace distilbert {
namespace {

ModelConfig read_config(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  return parse_model_config(file->text(), path.string());
}

HeadKind head_of(const ModelConfig& config, const SafetensorsFile& file) {
  if (config.head) {
    return *config.head;
  }
  std::vector<std::string> names;
  for (const TensorInfo& info : file.tensors()) {
    names.push_back(info.name);
  }
  return head_from_tensors(names);
}

}  // namespace

template <class T>
std::unique_ptr<Model<T>> make_model(const ModelConfig& config, HeadKind head) {
  if (config.kind == ModelKind::kBert) {
    return std::make_unique<BertModel<T>>(config, head);
  }
  return std::make_unique<DistilBertModel<T>>(config, head);
}

template <class T>
LoadedModel<T> load_model(const ModelFolder& folder,
                          const LoadOptions& options) {
  ModelConfig config = read_config(folder.config());
  if (options.labels) {
    config.labels = *options.labels;
  }
  if (options.problem_type) {
    config.problem_type = options.problem_type;
  }
  const SafetensorsFile file = SafetensorsFile::open(folder.weights());
  const HeadKind head = options.head ? *options.head : head_of(config, file);
  LoadedModel<T> loaded{make_model<T>(config, head), {}};
  loaded.report =
      load_parameters(*loaded.model, file, options.missing_head, options.seed);
  return loaded;
}

template std::unique_ptr<Model<float>> make_model(const ModelConfig&, HeadKind);
template std::unique_ptr<Model<double>> make_model(const ModelConfig&,
                                                   HeadKind);
template LoadedModel<float> load_model(const ModelFolder&, const LoadOptions&);
template LoadedModel<double> load_model(const ModelFolder&, const LoadOptions&);

}  // namespace distilbert
