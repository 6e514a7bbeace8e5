#pragma once

#include <chrono>

namespace distilbert {

/// The seconds that calling `work` takes.
template <class Work>
double seconds_of(const Work& work) {
  const auto started = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                       started)
      .count();
}

}  // namespace distilbert
