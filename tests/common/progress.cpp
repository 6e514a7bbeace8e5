#include "common/progress.hpp"

#include <algorithm>
#include <sstream>
#include <string>

#include "catch.hpp"

using distilbert::format_duration;
using distilbert::Progress;

namespace {

// What a terminal shows: "\r\x1b[K" empties the line.
std::string on_terminal(const std::string& written) {
  const std::string erase = "\r\x1b[K";
  std::string shown;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written.compare(i, erase.size(), erase) == 0) {
      shown.erase(shown.rfind('\n') + 1);  // npos + 1 is 0
      i += erase.size() - 1;
    } else {
      shown += written[i];
    }
  }
  return shown;
}

}  // namespace

TEST_CASE("durations are written for people") {
  CHECK(format_duration(0) == "0.0 s");
  CHECK(format_duration(0.44) == "0.4 s");
  CHECK(format_duration(-1) == "0.0 s");
  CHECK(format_duration(12.4) == "12 s");
  CHECK(format_duration(59.6) == "1 min 00 s");
  CHECK(format_duration(185) == "3 min 05 s");
  CHECK(format_duration(3599.7) == "1 h 00 min");
  CHECK(format_duration(7625) == "2 h 07 min");
  CHECK(format_duration(360000) == "100 h 00 min");
}

TEST_CASE("progress shows steps, share, time left and detail on one line") {
  std::ostringstream out;
  double now = 100;
  Progress progress(out, [&now] { return now; });
  progress.begin("epoch 1", 40);
  CHECK(on_terminal(out.str()) == "epoch 1: 0/40 (0 %)");
  now += 20;
  progress.update(10, "loss 0.5");
  CHECK(on_terminal(out.str()) ==
        "epoch 1: 10/40 (25 %), 1 min 00 s left, loss 0.5");
  now += 60;
  progress.update(40);
  progress.end();
  CHECK(on_terminal(out.str()) == "epoch 1: 40/40 (100 %), took 1 min 20 s\n");
}

TEST_CASE("a detail may change before the first step is done") {
  std::ostringstream out;
  double now = 0;
  Progress progress(out, [&now] { return now; });
  progress.begin("training", 9, 2);
  now += 1;
  progress.detail("the teacher has read 3 of 5");
  CHECK(on_terminal(out.str()) ==
        "training: 2/9 (22 %), the teacher has read 3 of 5");
  now += 0.01;
  progress.detail("too soon to be seen");
  CHECK(on_terminal(out.str()) ==
        "training: 2/9 (22 %), the teacher has read 3 of 5");
}

TEST_CASE("steps of an earlier run don't count for the time left") {
  std::ostringstream out;
  double now = 0;
  Progress progress(out, [&now] { return now; });
  progress.begin("train", 100, 80);
  now = 20;
  progress.update(90);
  CHECK(on_terminal(out.str()) == "train: 90/100 (90 %), 20 s left");
}

TEST_CASE("progress shows at most ten lines a second") {
  std::ostringstream out;
  double now = 0;
  Progress progress(out, [&now] { return now; });
  progress.begin("train", 1000);
  for (std::size_t step = 1; step <= 1000; ++step) {
    now += 0.001;
    progress.update(step);
  }
  const std::string written = out.str();
  CHECK(std::count(written.begin(), written.end(), '\r') <= 11);
  CHECK(std::count(written.begin(), written.end(), '\r') >= 9);
}

TEST_CASE("a note stands above the line that goes on") {
  std::ostringstream out;
  Progress progress(out, [] { return 0.0; });
  progress.note("before");
  progress.begin("train", 4);
  progress.note("a note");
  CHECK(on_terminal(out.str()) == "before\na note\ntrain: 0/4 (0 %)");
}

TEST_CASE("a job that was left by an exception ends its line") {
  std::ostringstream out;
  {
    Progress(out, [] { return 0.0; }).begin("train", 4);
  }
  CHECK(on_terminal(out.str()) == "train: 0/4 (0 %)\n");
}

TEST_CASE("a job of no steps is done") {
  std::ostringstream out;
  Progress progress(out, [] { return 0.0; });
  progress.begin("train", 0);
  progress.update(0);
  progress.end();
  CHECK(on_terminal(out.str()) == "train: 0/0 (100 %), took 0.0 s\n");
}

TEST_CASE("a silent reporter takes everything and says nothing") {
  Progress progress;
  progress.begin("train", 4);
  progress.update(1, "x");
  progress.note("x");
  CHECK_NOTHROW(progress.end());
}
