#pragma once

#include <cstddef>

namespace distilbert {

/// Linear warm-up from 0 to `base`, then linear decay to 0.
struct LinearSchedule {
  double base = 5e-5;            ///< the learning rate at its peak
  std::size_t warmup_steps = 0;  ///< steps before the peak
  std::size_t total_steps = 0;   ///< the rate is 0 from here on
};

/// The learning rate of step k = 0, 1, ..., with W steps of warm-up and T in
/// all:
///
///   base · k / W                 where k < W
///   base · (T - k) / (T - W)     from there on, never below 0
///
/// So with a warm-up the very first step changes nothing but the moments.
/// Reference behaviour: get_linear_schedule_with_warmup (transformers 5.23.0).
double learning_rate(std::size_t step, const LinearSchedule& schedule);

/// The schedule for a share of all steps as warm-up, rounded up as the
/// reference's Trainer does.
LinearSchedule make_linear_schedule(double base,
                                    double warmup_ratio,
                                    std::size_t total_steps);

}  // namespace distilbert
