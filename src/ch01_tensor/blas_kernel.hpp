#pragma once

#include <string>
#include <string_view>

namespace distilbert {

/// The OpenBLAS kernel family that fits a processor with these feature flags
/// (words of the line "flags" in /proc/cpuinfo), in OpenBLAS's own spelling:
/// Cooperlake, SkylakeX or Haswell; empty where there's nothing to recommend.
///
/// OpenBLAS chooses by the model number of the processor and falls back to a
/// kernel of 2004 for one it has never heard of, an eighth of the speed. It
/// never recommends a kernel newer than the flags allow, which would end in an
/// illegal instruction.
std::string recommended_blas_kernel(std::string_view processor_flags);

/// The feature flags of this machine's processor; empty where /proc/cpuinfo
/// has none.
std::string processor_flags();

/// The kernel that the loaded OpenBLAS uses, in its own spelling.
std::string active_blas_kernel();

/// Makes OpenBLAS compute each product on the thread that asks for it; the
/// threads of parallel_for share out the work instead.
void use_calling_thread_for_blas();

/// True where the active kernel is older than the recommended one, so that
/// starting again with OPENBLAS_CORETYPE set to the latter is worth it.
bool blas_kernel_is_outdated(std::string_view active,
                             std::string_view recommended);

}  // namespace distilbert
