#pragma once

#include <string>
#include <vector>

#include "catch.hpp"
#include "common/error.hpp"

/// Calls something that must throw distilbert::Error, and returns its message,
/// which must be one line that holds each of `parts`.
template <class Call>
std::string expect_error(Call call, const std::vector<std::string>& parts) {
  try {
    call();
  } catch (const distilbert::Error& error) {
    const std::string message = error.what();
    CHECK(message.find('\n') == std::string::npos);
    for (const std::string& part : parts) {
      INFO("message: " << message << "\nexpected in it: " << part);
      CHECK(message.find(part) != std::string::npos);
    }
    return message;
  }
  FAIL_CHECK("no Error was thrown; expected one with "
             << (parts.empty() ? "any text" : parts.front()));
  return "";
}
