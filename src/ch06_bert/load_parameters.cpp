#include "ch06_bert/describe_plan.hpp"
#include "ch06_bert/initialize_parameter.hpp"
#include "ch06_bert/model_files.hpp"

namespace distilbert {
namespace {

template <class T>
std::vector<ExpectedParameter> expected_parameters(const Model<T>& model) {
  std::vector<ExpectedParameter> expected;
  for (const auto& entry : model.parameters().entries()) {
    expected.push_back({entry.parameter->name, entry.parameter->shape,
                        entry.part == ModelPart::kHead, entry.aliases});
  }
  return expected;
}

std::vector<NamedShape> named_shapes(const SafetensorsFile& file) {
  std::vector<NamedShape> shapes;
  for (const TensorInfo& info : file.tensors()) {
    shapes.push_back({info.name, info.shape});
  }
  return shapes;
}

template <class T>
void fill(Parameter<T>& parameter,
          const SafetensorsFile& file,
          const TensorInfo& info) {
  const std::size_t height =
      parameter.shape.size() == 1 ? 1 : parameter.shape[0];
  const std::size_t width = parameter.shape.back();
  if (const auto mapped = file.mapped_values<T>(info)) {
    *parameter.value = borrow_matrix(*mapped, height, width, file.mapping());
    return;
  }
  *parameter.value = make_matrix<T>(height, width);
  file.copy_values(info, values(*parameter.value));
}

template <class T>
void initialize(const Model<T>& model, std::size_t number, std::uint64_t seed) {
  initialize_parameter(*model.parameters().entries()[number].parameter,
                       model.config().initializer_range, seed,
                       static_cast<std::uint32_t>(number),
                       model.config().pad_token_id);
}

}  // namespace

template <class T>
LoadReport load_parameters(Model<T>& model,
                           const SafetensorsFile& file,
                           MissingHead missing_head,
                           std::uint64_t seed) {
  const std::vector<NamedShape> tensors = named_shapes(file);
  const LoadingPlan plan = plan_loading(expected_parameters(model), tensors);
  const bool head_is_fine =
      plan.missing_head.empty() || missing_head == MissingHead::kInitialize;
  if (!plan.fills_the_body() || !head_is_fine) {
    fail("{}: {}", file.name(), describe(plan));
  }
  LoadReport report{describe(plan), {}, file.mapping()};
  const auto& entries = model.parameters().entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Parameter<T>& parameter = *entries[i].parameter;
    const std::optional<std::size_t>& source = plan.sources[i];
    if (source) {
      fill(parameter, file, file.info(tensors[*source].name));
    } else {
      initialize(model, i, seed);
      report.initialized.push_back(parameter.name);
    }
  }
  return report;
}

template <class T>
void initialize_parameters(Model<T>& model, std::uint64_t seed) {
  for (std::size_t i = 0; i < model.parameters().entries().size(); ++i) {
    initialize(model, i, seed);
  }
}

template LoadReport load_parameters(Model<float>&,
                                    const SafetensorsFile&,
                                    MissingHead,
                                    std::uint64_t);
template LoadReport load_parameters(Model<double>&,
                                    const SafetensorsFile&,
                                    MissingHead,
                                    std::uint64_t);
template void initialize_parameters(Model<float>&, std::uint64_t);
template void initialize_parameters(Model<double>&, std::uint64_t);

}  // namespace distilbert
