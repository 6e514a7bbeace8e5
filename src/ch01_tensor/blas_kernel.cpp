#include "ch01_tensor/blas_kernel.hpp"

#include <cblas.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <sstream>
#include <vector>

namespace distilbert {
namespace {

bool has_all(std::string_view flags, std::initializer_list<const char*> names) {
  std::istringstream words{std::string(flags)};
  std::vector<std::string> present;
  for (std::string word; words >> word;) {
    present.push_back(word);
  }
  return std::ranges::all_of(names, [&](const char* name) {
    return std::ranges::find(present, name) != present.end();
  });
}

// By instruction set: 3 has bfloat16 products, 2 AVX-512, 1 AVX2, 0 neither.
int generation(std::string_view kernel) {
  static constexpr std::array kGenerations{
      std::array<std::string_view, 4>{"cooperlake", "sapphirerapids", "", ""},
      std::array<std::string_view, 4>{"skylakex", "", "", ""},
      std::array<std::string_view, 4>{"haswell", "zen", "excavator", ""}};
  std::string lower(kernel);
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  for (std::size_t i = 0; i < kGenerations.size(); ++i) {
    if (!lower.empty() &&
        std::ranges::find(kGenerations[i], lower) != kGenerations[i].end()) {
      return static_cast<int>(kGenerations.size() - i);
    }
  }
  return 0;
}

}  // namespace

std::string recommended_blas_kernel(std::string_view processor_flags) {
  if (!has_all(processor_flags, {"avx2", "fma"})) {
    return "";
  }
  if (!has_all(processor_flags,
               {"avx512f", "avx512bw", "avx512dq", "avx512vl"})) {
    return "Haswell";
  }
  return has_all(processor_flags, {"avx512_bf16"}) ? "Cooperlake" : "SkylakeX";
}

std::string processor_flags() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("flags")) {
      const std::size_t colon = line.find(':');
      return colon == std::string::npos ? "" : line.substr(colon + 1);
    }
  }
  return "";
}

std::string active_blas_kernel() {
  return openblas_get_corename();
}

void use_calling_thread_for_blas() {
  openblas_set_num_threads(1);
}

bool blas_kernel_is_outdated(std::string_view active,
                             std::string_view recommended) {
  return generation(active) < generation(recommended);
}

}  // namespace distilbert
