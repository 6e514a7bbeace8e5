#include "common/progress.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace distilbert {

namespace {

constexpr double kSecondsBetweenLines = 0.1;

double steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace

std::string format_duration(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 3600;
  if (seconds < 10) {
    return fmt::format("{:.1f} s", std::max(seconds, 0.0));
  }
  const double whole = std::round(seconds);
  if (whole < kMinute) {
    return fmt::format("{:.0f} s", whole);
  }
  if (whole < kHour) {
    return fmt::format("{:.0f} min {:02.0f} s", std::floor(whole / kMinute),
                       std::fmod(whole, kMinute));
  }
  return fmt::format("{:.0f} h {:02.0f} min", std::floor(whole / kHour),
                     std::floor(std::fmod(whole, kHour) / kMinute));
}

Progress::Progress(std::ostream& out) : Progress(out, steady_seconds) {}

Progress::Progress(std::ostream& out, Clock clock)
    : out_(&out), clock_(std::move(clock)) {}

Progress::~Progress() {
  if (is_running_ && out_ != nullptr) {
    *out_ << '\n' << std::flush;
  }
}

void Progress::begin(std::string_view label,
                     std::size_t total,
                     std::size_t done) {
  if (out_ == nullptr) {
    return;
  }
  if (is_running_) {
    end();
  }
  label_ = label;
  detail_.clear();
  total_ = total;
  first_ = done_ = done;
  started_ = clock_();
  is_running_ = true;
  show("");
}

void Progress::update(std::size_t done, std::string_view detail) {
  if (out_ == nullptr || !is_running_) {
    return;
  }
  done_ = done;
  detail_ = detail;
  const double now = clock_();
  if (now - shown_ < kSecondsBetweenLines || done_ <= first_) {
    return;
  }
  const double seconds_per_step =
      (now - started_) / static_cast<double>(done_ - first_);
  const auto steps_left = total_ > done_ ? total_ - done_ : 0;
  show(fmt::format(
      ", {} left",
      format_duration(seconds_per_step * static_cast<double>(steps_left))));
}

void Progress::detail(std::string_view detail) {
  if (out_ == nullptr || !is_running_) {
    return;
  }
  detail_ = detail;
  if (clock_() - shown_ >= kSecondsBetweenLines) {
    show("");
  }
}

void Progress::end() {
  if (out_ == nullptr || !is_running_) {
    return;
  }
  show(fmt::format(", took {}", format_duration(clock_() - started_)));
  *out_ << '\n' << std::flush;
  is_running_ = false;
}

void Progress::note(std::string_view sentence) {
  if (out_ == nullptr) {
    return;
  }
  write_line(sentence, "\n");
  if (is_running_) {
    show("");
  }
}

void Progress::show(std::string_view ending) {
  shown_ = clock_();
  const auto percent = total_ == 0 ? 100 : 100 * done_ / total_;
  write_line(fmt::format("{}: {}/{} ({} %){}{}{}", label_, done_, total_,
                         percent, ending, detail_.empty() ? "" : ", ", detail_),
             "");
}

void Progress::write_line(std::string_view text, std::string_view line_end) {
  // Back to the line's start, and what a longer line left is erased.
  constexpr std::string_view kEraseLine = "\r\x1b[K";
  *out_ << kEraseLine << text << line_end << std::flush;
}

}  // namespace distilbert
