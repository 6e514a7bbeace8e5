#include "ch10_glue/task_model.hpp"

#include "common/error.hpp"

namespace distilbert {
namespace {

bool has_classifier(const ModelFolder& folder) {
  const SafetensorsFile file = SafetensorsFile::open(folder.weights());
  return file.find("classifier.weight") != nullptr;
}

}  // namespace

LoadedModel<float> load_task_model(const Task& task,
                                   const ModelFolder& folder,
                                   MissingHead missing_head,
                                   std::uint64_t seed) {
  LoadOptions options;
  options.head = HeadKind::kSequenceClassification;
  options.missing_head = missing_head;
  options.seed = seed;
  if (!has_classifier(folder)) {
    if (missing_head == MissingHead::kRefuse) {
      fail("{}: the model has no classifier; fine-tune it on {} first",
           folder.path().string(), task.name);
    }
    options.labels = task.regression ? default_labels(1) : task.label_names;
    options.problem_type = task.regression
                               ? ProblemType::kRegression
                               : ProblemType::kSingleLabelClassification;
  }
  LoadedModel<float> loaded = load_model<float>(folder, options);
  try {
    static_cast<void>(match_labels(task, loaded.model->config().labels));
  } catch (const Error& error) {
    fail("{}: {}", folder.config().string(), error.what());
  }
  return loaded;
}

}  // namespace distilbert
