#include <cmath>

#include "ch08_training/learning_rate.hpp"

namespace distilbert {

LinearSchedule make_linear_schedule(double base,
                                    double warmup_ratio,
                                    std::size_t total_steps) {
  const double warmup_steps =
      std::ceil(warmup_ratio * static_cast<double>(total_steps));
  return {base, static_cast<std::size_t>(warmup_steps), total_steps};
}

}  // namespace distilbert
