#include "common/safetensors_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "common/file_calls.hpp"
#include "common/safetensors_header.hpp"
#include "common/tensor_dtype.hpp"
#include "common/write_file_atomically.hpp"

namespace distilbert {

namespace {

constexpr std::string_view kMetadata = "__metadata__";

void check(const std::vector<TensorToWrite>& tensors) {
  std::set<std::string_view> names = {kMetadata};
  for (const TensorToWrite& tensor : tensors) {
    require(names.insert(tensor.name).second,
            "write_safetensors: the name \"{}\" comes twice", tensor.name);
    require(tensor.bytes.size() ==
                element_count(tensor.shape) * dtype_size(tensor.dtype),
            "write_safetensors: tensor {} of {} {} has {} bytes", tensor.name,
            dtype_name(tensor.dtype), describe_shape(tensor.shape),
            tensor.bytes.size());
  }
}

std::string header_text(const std::vector<TensorToWrite>& tensors,
                        const std::map<std::string, std::string>& metadata) {
  // Keeps the order in which keys are added.
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) {
    header[std::string(kMetadata)] = metadata;
  }
  std::size_t begin = 0;
  for (const TensorToWrite& tensor : tensors) {
    const std::size_t end = begin + tensor.bytes.size();
    header[tensor.name] = {{"dtype", dtype_name(tensor.dtype)},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = header.dump();
  constexpr std::size_t kAlignment = 8;
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

}  // namespace

std::map<std::string, std::string> checkpoint_metadata() {
  return {{"format", "pt"}};
}

void write_safetensors(const std::filesystem::path& path,
                       std::vector<TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata,
                       FileCalls& calls) {
  check(tensors);
  std::stable_sort(tensors.begin(), tensors.end(),
                   [](const TensorToWrite& a, const TensorToWrite& b) {
                     return dtype_size(a.dtype) > dtype_size(b.dtype);
                   });
  const std::string header = header_text(tensors, metadata);
  const std::uint64_t length = header.size();
  const auto write_all = [&](const WriteBytes& write) {
    write(std::as_bytes(std::span(&length, 1)));
    write(std::as_bytes(std::span(header)));
    for (const TensorToWrite& tensor : tensors) {
      write(tensor.bytes);
    }
  };
  write_file_atomically(path, write_all, calls);
}

}  // namespace distilbert
