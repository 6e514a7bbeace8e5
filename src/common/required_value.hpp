#pragma once

#include <optional>
#include <stdexcept>

namespace distilbert {

/// The value of an optional that must hold one. Throws std::logic_error with
/// `message` where it doesn't: a bug in the calling code, not bad data.
template <class T>
const T& required_value(const std::optional<T>& value, const char* message) {
  if (!value) {
    throw std::logic_error(message);
  }
  return *value;
}

template <class T>
const T& required_value(const std::optional<T>&&, const char*) = delete;

}  // namespace distilbert
