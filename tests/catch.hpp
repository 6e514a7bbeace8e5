#pragma once

/// One include for Catch2 v2 (Debian 12) and v3 (Debian 13).

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>  // IWYU pragma: export
using Catch::Approx;             // NOLINT(google-build-using-namespace)
#else
#include <catch2/catch.hpp>  // IWYU pragma: export
#endif
