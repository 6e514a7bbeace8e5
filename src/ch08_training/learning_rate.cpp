#include "ch08_training/learning_rate.hpp"

namespace distilbert {

// --8<-- [start:learning_rate]
double learning_rate(std::size_t step, const LinearSchedule& schedule) {
  const auto [base, warmup_steps, total_steps] = schedule;
  if (step < warmup_steps) {
    return base *
           (static_cast<double>(step) / static_cast<double>(warmup_steps));
  }
  if (step >= total_steps) {
    return 0;
  }
  return base * (static_cast<double>(total_steps - step) /
                 static_cast<double>(total_steps - warmup_steps));
}

// --8<-- [end:learning_rate]

}  // namespace distilbert
