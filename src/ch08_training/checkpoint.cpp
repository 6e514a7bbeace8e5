#include "ch08_training/checkpoint.hpp"

#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/safetensors.hpp"
#include "common/safetensors_writer.hpp"

namespace distilbert {
namespace {

constexpr const char* kMetadataKey = "training";
constexpr const char* kFirstMoment = "first_moment.";
constexpr const char* kSecondMoment = "second_moment.";
constexpr const char* kMomentSteps = "moment_steps.";

std::string describe_state(const TrainingIdentity& identity,
                           const TrainingState& state) {
  return json_text({{"identity", identity},
                    {"step", state.step},
                    {"epoch_log", state.epoch_log}});
}

void append_moments(const Parameter<float>& parameter,
                    const Moments& moments,
                    std::span<const std::int64_t> steps,
                    std::vector<TensorToWrite>& tensors) {
  tensors.push_back(tensor_to_write<float>(
      kFirstMoment + parameter.name, parameter.shape, values(moments.first)));
  tensors.push_back(tensor_to_write<float>(
      kSecondMoment + parameter.name, parameter.shape, values(moments.second)));
  tensors.push_back(
      tensor_to_write<std::int64_t>(kMomentSteps + parameter.name, {1}, steps));
}

// The entry of a tensor that must have this dtype and shape.
const TensorInfo& expect_tensor(const SafetensorsFile& file,
                                const std::string& name,
                                Dtype dtype,
                                const std::vector<std::size_t>& shape) {
  const TensorInfo& info = file.info(name);
  if (info.shape != shape || info.dtype != dtype) {
    fail("{}: {}: expected {} {}, found {} {}", file.name(), name,
         dtype_name(dtype), describe_shape(shape), dtype_name(info.dtype),
         describe_shape(info.shape));
  }
  return info;
}

template <class T>
void read_tensor(const SafetensorsFile& file,
                 const std::string& name,
                 const std::vector<std::size_t>& shape,
                 std::span<T> out) {
  file.copy_values(expect_tensor(file, name, dtype_of<T>(), shape), out);
}

std::vector<double> read_history(const SafetensorsFile& file,
                                 const std::string& name,
                                 std::size_t steps) {
  expect_tensor(file, name, Dtype::kF64, {steps});
  return file.read_values<double>(name);
}

Moments read_moments(const SafetensorsFile& file,
                     const Parameter<float>& parameter) {
  const std::size_t height = rows(*parameter.value);
  const std::size_t width = columns(*parameter.value);
  Moments moments{make_matrix<float>(height, width),
                  make_matrix<float>(height, width), 0};
  read_tensor(file, kFirstMoment + parameter.name, parameter.shape,
              values(moments.first));
  read_tensor(file, kSecondMoment + parameter.name, parameter.shape,
              values(moments.second));
  std::int64_t steps = 0;
  read_tensor(file, kMomentSteps + parameter.name, {1}, std::span(&steps, 1));
  moments.steps = static_cast<std::uint64_t>(steps);
  return moments;
}

// The JSON of the metadata: identity, checked, then step and log.
TrainingState read_metadata(const SafetensorsFile& file,
                            const TrainingIdentity& identity) {
  const auto entry = file.metadata().find(kMetadataKey);
  if (entry == file.metadata().end()) {
    fail("{}: expected a training checkpoint, found none in its metadata",
         file.name());
  }
  const nlohmann::json json = parse_json(entry->second, file.name());
  const JsonObject object(json, file.name());
  TrainingState state;
  try {
    const auto there = object.value("identity").get<TrainingIdentity>();
    const std::string difference = first_difference(there, identity);
    if (!difference.empty()) {
      fail("{}: belongs to another run: {}; choose another output folder",
           file.name(), difference);
    }
    state.epoch_log = object.value("epoch_log").get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception&) {
    fail("{}: expected a training checkpoint, found damaged metadata",
         file.name());
  }
  state.step = static_cast<std::uint64_t>(
      object.integer("step", 0, std::numeric_limits<std::uint32_t>::max()));
  return state;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path,
                     const TrainingIdentity& identity,
                     std::span<const ParameterPtr<float>> parameters,
                     const TrainingState& state) {
  std::vector<std::int64_t> moment_steps;
  moment_steps.reserve(parameters.size());
  std::vector<TensorToWrite> tensors;
  for (const ParameterPtr<float>& parameter : parameters) {
    tensors.push_back(tensor_to_write<float>(parameter->name, parameter->shape,
                                             values(*parameter->value)));
    const auto moments = state.optimizer.find(parameter->name);
    if (moments != state.optimizer.end()) {
      moment_steps.push_back(static_cast<std::int64_t>(moments->second.steps));
      append_moments(*parameter, moments->second, {&moment_steps.back(), 1},
                     tensors);
    }
  }
  for (const auto& [name, history] :
       {std::pair{"losses", &state.losses},
        std::pair{"learning_rates", &state.learning_rates},
        std::pair{"gradient_norms", &state.gradient_norms}}) {
    tensors.push_back(
        tensor_to_write<double>(name, {history->size()}, *history));
  }
  write_safetensors(path, std::move(tensors),
                    {{kMetadataKey, describe_state(identity, state)}});
}

std::optional<TrainingState> load_checkpoint(
    const std::filesystem::path& path,
    const TrainingIdentity& identity,
    std::span<const ParameterPtr<float>> parameters) {
  if (!std::filesystem::exists(path)) {
    return std::nullopt;
  }
  const SafetensorsFile file = SafetensorsFile::open(path);
  TrainingState state = read_metadata(file, identity);
  state.losses = read_history(file, "losses", state.step);
  state.learning_rates = read_history(file, "learning_rates", state.step);
  state.gradient_norms = read_history(file, "gradient_norms", state.step);
  for (const ParameterPtr<float>& parameter : parameters) {
    read_tensor(file, parameter->name, parameter->shape,
                values(*parameter->value));
    if (file.find(kFirstMoment + parameter->name) != nullptr) {
      state.optimizer.emplace(parameter->name, read_moments(file, *parameter));
    }
  }
  return state;
}

}  // namespace distilbert
