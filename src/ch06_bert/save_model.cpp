#include <fstream>
#include <iterator>
#include <system_error>

#include "ch06_bert/model_files.hpp"
#include "common/safetensors_writer.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    fail("{}: can't be read", path.string());
  }
  return content;
}

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    fail("{}: the folder can't be created: {}", folder.string(),
         error.message());
  }
}

}  // namespace

std::string saved_name(const std::string& parameter, HeadKind head) {
  return head == HeadKind::kNone ? parameter.substr(parameter.find('.') + 1)
                                 : parameter;
}

template <class T>
void save_model(const Model<T>& model, const std::filesystem::path& folder) {
  create_folder(folder);
  std::vector<TensorToWrite> tensors;
  for (const ParameterPtr<T>& parameter : model.parameters().parameters()) {
    tensors.push_back(tensor_to_write<T>(
        saved_name(parameter->name, model.head()), parameter->shape,
        values(std::as_const(*parameter->value))));
  }
  write_safetensors(folder / "model.safetensors", std::move(tensors),
                    checkpoint_metadata());
  ModelConfig config = model.config();
  config.head = model.head();
  write_file_atomically(folder / "config.json", model_config_to_json(config));
}

void copy_tokenizer(const std::filesystem::path& from,
                    const std::filesystem::path& to) {
  create_folder(to);
  for (const char* const name : {"tokenizer_config.json", "vocab.txt"}) {
    if (std::filesystem::exists(from / name)) {
      write_file_atomically(to / name, read_file(from / name));
    }
  }
}

template void save_model(const Model<float>&, const std::filesystem::path&);
template void save_model(const Model<double>&, const std::filesystem::path&);

}  // namespace distilbert
