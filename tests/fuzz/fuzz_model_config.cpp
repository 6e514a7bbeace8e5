// Any text at all is given to the reader of config.json. It may refuse it with
// Error; what it accepts must be written and read again as the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ch06_bert/model_config.hpp"
#include "common/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string written;
  try {
    written = distilbert::model_config_to_json(
        distilbert::parse_model_config(text, "fuzz"));
  } catch (const distilbert::Error&) {
    return 0;
  }
  const auto again = distilbert::parse_model_config(written, "again");
  if (distilbert::model_config_to_json(again) != written) {
    std::abort();
  }
  return 0;
}
