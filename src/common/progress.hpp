#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace distilbert {

/// Seconds for people: "0.4 s", "12 s", "3 min 05 s", "2 h 07 min".
std::string format_duration(double seconds);

/// Reports how far a long job is: on a terminal one line that is rewritten,
///   epoch 1: 120/2105 (6 %), 1 min 20 s left, loss 0.412
/// A library's function takes one by reference and never prints by itself; the
/// program decides whether it speaks. The default says nothing.
class Progress {
 public:
  /// Seconds since some fixed moment.
  using Clock = std::function<double()>;

  /// A reporter that says nothing.
  Progress() = default;

  /// A reporter that writes to `out`, which must outlive it. The line appears
  /// at most ten times a second.
  explicit Progress(std::ostream& out);

  /// The same with another clock, for tests.
  Progress(std::ostream& out, Clock clock);

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Ends the line where a job was left by an exception.
  ~Progress();

  /// Begins a job of `total` steps, of which `done` are done already (in an
  /// earlier run, say; they don't count for the time left).
  void begin(std::string_view label, std::size_t total, std::size_t done = 0);

  /// So many steps of the job are done now. `detail` ends the line.
  void update(std::size_t done, std::string_view detail = {});

  /// The same number of steps is done, but the line ends in another detail.
  void detail(std::string_view detail);

  /// Ends the job, and its line with the time it took.
  void end();

  /// A sentence on a line of its own, above the progress line.
  void note(std::string_view sentence);

 private:
  void show(std::string_view ending);
  void write_line(std::string_view text, std::string_view line_end);

  std::ostream* out_ = nullptr;
  Clock clock_;
  std::string label_;
  std::string detail_;
  std::size_t total_ = 0;
  std::size_t first_ = 0;
  std::size_t done_ = 0;
  double started_ = 0;
  double shown_ = 0;
  bool is_running_ = false;
};

}  // namespace distilbert
