#include "common/interrupt.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "catch.hpp"

using distilbert::InterruptGuard;

TEST_CASE("the first Ctrl-C or SIGTERM is noted and ends nothing") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const InterruptGuard guard;
    CHECK_FALSE(InterruptGuard::is_requested());
    std::raise(signal);
    CHECK(InterruptGuard::is_requested());
  }
  const InterruptGuard fresh;
  CHECK_FALSE(InterruptGuard::is_requested());
}

TEST_CASE("a second Ctrl-C ends the process") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Not the test framework's handler: what a program has.
    std::signal(SIGINT, SIG_DFL);
    const InterruptGuard guard;
    ::kill(::getpid(), SIGINT);
    if (!InterruptGuard::is_requested()) {
      ::_exit(1);
    }
    ::kill(::getpid(), SIGINT);
    ::_exit(2);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}

TEST_CASE("after the guard the signals do what they did before") {
  struct sigaction before = {};
  sigaction(SIGINT, nullptr, &before);
  {
    const InterruptGuard guard;
  }
  struct sigaction after = {};
  sigaction(SIGINT, nullptr, &after);
  CHECK(before.sa_handler == after.sa_handler);
}

TEST_CASE("there is one guard at a time") {
  const InterruptGuard guard;
  CHECK_THROWS_AS(InterruptGuard(), std::logic_error);
}
