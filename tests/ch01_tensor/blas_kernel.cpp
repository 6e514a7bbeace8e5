#include "ch01_tensor/blas_kernel.hpp"

#include "catch.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

TEST_CASE("the kernel follows the processor's flags", "[blas_kernel]") {
  REQUIRE(recommended_blas_kernel("fpu sse2") == "");
  REQUIRE(recommended_blas_kernel("avx2") == "");
  REQUIRE(recommended_blas_kernel("sse2 avx2 fma") == "Haswell");
  // AVX-512 of a Xeon Phi lacks what SkylakeX needs: no illegal instruction.
  REQUIRE(recommended_blas_kernel("avx2 fma avx512f avx512cd avx512er") ==
          "Haswell");
  const std::string skylake = "avx2 fma avx512f avx512bw avx512dq avx512vl";
  REQUIRE(recommended_blas_kernel(skylake) == "SkylakeX");
  REQUIRE(recommended_blas_kernel(skylake + " avx512_bf16") == "Cooperlake");
}

TEST_CASE("an old kernel on a new processor is noticed", "[blas_kernel]") {
  REQUIRE(blas_kernel_is_outdated("Prescott", "Haswell"));
  REQUIRE(blas_kernel_is_outdated("Zen", "Cooperlake"));
  REQUIRE(blas_kernel_is_outdated("Haswell", "SkylakeX"));
  REQUIRE_FALSE(blas_kernel_is_outdated("SKYLAKEX", "SkylakeX"));
  REQUIRE_FALSE(blas_kernel_is_outdated("Cooperlake", "SkylakeX"));
  REQUIRE_FALSE(blas_kernel_is_outdated("Zen", "Haswell"));
  REQUIRE_FALSE(blas_kernel_is_outdated("Prescott", ""));
}

TEST_CASE("this machine's kernel and flags can be asked for", "[blas_kernel]") {
  REQUIRE_FALSE(active_blas_kernel().empty());
}
