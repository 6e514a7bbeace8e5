#include "common/interrupt.hpp"

#include <array>
#include <csignal>
#include <cstddef>

#include "common/error.hpp"

namespace distilbert {

namespace {

constexpr std::array<int, 2> kSignals = {SIGINT, SIGTERM};

// A signal's handler can reach nothing but variables like these.
volatile std::sig_atomic_t signal_came = 0;
bool is_guarded = false;
std::array<struct sigaction, kSignals.size()> actions_before = {};

void note_signal(int) {
  signal_came = 1;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  require(!is_guarded, "InterruptGuard: there is one already");
  is_guarded = true;
  signal_came = 0;
  struct sigaction action = {};
  action.sa_handler = note_signal;
  // The first signal puts the default back, which ends the process; calls of
  // the operating system that it interrupts go on.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &action, &actions_before[i]);
  }
}

InterruptGuard::~InterruptGuard() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &actions_before[i], nullptr);
  }
  is_guarded = false;
}

bool InterruptGuard::is_requested() {
  return signal_came != 0;
}

}  // namespace distilbert
