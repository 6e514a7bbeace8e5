#pragma once

#include <algorithm>
#include <chrono>

namespace distilbert {

/// Says when the next checkpoint is due: `seconds` after the last one (or the
/// start), and not before fifty times what writing that one took.
class CheckpointTimer {
 public:
  /// Lets so many seconds pass between checkpoints, at least.
  explicit CheckpointTimer(double seconds) : seconds_(seconds) {}

  /// True where a checkpoint should be written now.
  [[nodiscard]] bool due() const {
    return Seconds(Clock::now() - last_).count() >= std::max(seconds_, pause_);
  }

  /// Call before and after writing.
  void writing_begins() { last_ = Clock::now(); }

  /// To be called after each checkpoint.
  void writing_ended() {
    constexpr double kPausePerWriting = 50;
    const Clock::time_point now = Clock::now();
    pause_ =
        seconds_ == 0 ? 0 : kPausePerWriting * Seconds(now - last_).count();
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  double seconds_;
  double pause_ = 0;
  Clock::time_point last_ = Clock::now();
};

}  // namespace distilbert
