#pragma once

namespace distilbert {

/// Turns Ctrl-C (SIGINT) and SIGTERM into a question, so that a long job can
/// save and end by itself: as long as the object lives, the first such signal
/// is only noted, and a second one ends the process as usual. One object at a
/// time, on the program's side; the library takes a function to ask.
class InterruptGuard {
 public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// Restores what the signals did before.
  ~InterruptGuard();

  /// True once a signal came.
  [[nodiscard]] static bool is_requested();
};

}  // namespace distilbert
