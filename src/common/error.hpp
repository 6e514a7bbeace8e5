#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace distilbert {

/// A file, a text or a configuration that can't be used. The message is one
/// line that names the file (and line or tensor), what was expected and what
/// was found. The program prints it and exits with 1.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A command or an option that was used wrongly. The program exits with 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// Throws Error with a message formatted by fmt:
///   fail("{}: expected {} rows, found {}", path, expected, found);
template <class... Arguments>
[[noreturn]] void fail(fmt::format_string<Arguments...> format,
                       Arguments&&... arguments) {
  throw Error(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Throws std::logic_error where a caller broke a function's contract (a shape
/// that doesn't fit, say): a bug in the calling code, not bad data.
template <class... Arguments>
void require(bool condition,
             fmt::format_string<Arguments...> format,
             Arguments&&... arguments) {
  if (!condition) {
    throw std::logic_error(
        fmt::format(format, std::forward<Arguments>(arguments)...));
  }
}

}  // namespace distilbert
