#include "ch08_training/receives_weight_decay.hpp"

#include <algorithm>
#include <ranges>
#include <string>

namespace distilbert {
namespace {

std::string lowercase_ascii(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

}  // namespace

// --8<-- [start:receives_weight_decay]
bool receives_weight_decay(std::string_view parameter_name) {
  const std::string name = lowercase_ascii(parameter_name);
  for (const std::string_view left_out : {"bias", "layernorm", "rmsnorm"}) {
    if (name.find(left_out) != std::string::npos) {
      return false;
    }
  }
  return std::ranges::none_of(std::views::split(name, '.'), [](auto part) {
    const std::string_view word(part.begin(), part.end());
    return word == "norm" || word.ends_with("_norm");
  });
}

// --8<-- [end:receives_weight_decay]

}  // namespace distilbert
