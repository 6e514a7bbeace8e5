#pragma once

#include <cstddef>
#include <functional>

namespace distilbert {

/// How many threads the heavy loops use: at first the number of processors
/// this process may run on. Part of the process-wide state (with the tensor's
/// allocator and the BLAS kernel), and visible in results only as rounding.
std::size_t thread_count();

/// Sets thread_count(); 0 means the processors available. Not to be called
/// while a parallel_for runs. Throws Error where the system doesn't start them.
void set_thread_count(std::size_t threads);

/// Calls `work(begin, end)` for consecutive parts of [0, count), one part per
/// thread and in any order, and returns when all are done. Parts hold at least
/// `least` items, so a small count runs on fewer threads or on the caller's
/// alone. A call from inside `work` runs on the calling thread. The first
/// exception that `work` throws is rethrown here.
///
/// Where the parts begin depends on count, least and thread_count() only, so
/// results that depend on it are the same in every run.
void parallel_for(std::size_t count,
                  std::size_t least,
                  const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace distilbert
