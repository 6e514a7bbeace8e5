#include "common/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "common/error.hpp"
#include "common/share_out.hpp"

namespace distilbert {
namespace {

using Work = std::function<void(std::size_t, std::size_t)>;

// True on a worker and on a caller inside parallel_for: nested calls run alone.
thread_local bool inside_parallel_for = false;

std::size_t available_processors() {
  cpu_set_t processors;
  if (sched_getaffinity(0, sizeof processors, &processors) == 0) {
    return static_cast<std::size_t>(CPU_COUNT(&processors));
  }
  return std::max(1U, std::thread::hardware_concurrency());
}

// How often a thread looks whether it can go on before it goes to sleep, some
// twenty microseconds in all. The products of one short text follow each other
// faster than a sleeping thread wakes up; a thread that spun for longer would
// take the processor from the one it waits for as soon as the machine is busy
// (book, chapter 11).
constexpr int kLooks = 1000;

template <class Condition>
bool spin_until(const Condition& condition) {
  for (int look = 0; look < kLooks; ++look) {
    if (condition()) {
      return true;
    }
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
  }
  return false;
}

// The workers of one parallel_for after another. In between they wait, awake
// for a moment and then asleep.
class Pool {
 public:
  explicit Pool(std::size_t threads) : threads_(threads) {
    try {
      for (std::size_t index = 1; index < threads; ++index) {
        workers_.emplace_back([this, index] { serve(index); });
      }
    } catch (const std::system_error& error) {
      stop();
      fail("{} threads: the system starts only {}: {}", threads,
           workers_.size() + 1, error.what());
    }
  }

  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  ~Pool() { stop(); }

  [[nodiscard]] std::size_t threads() const { return threads_; }

  void run(std::size_t count, std::size_t shares, const Work& work) {
    // Two callers at once take turns.
    const std::scoped_lock one_at_a_time(callers_);
    {
      const std::scoped_lock lock(mutex_);
      work_ = &work;
      count_ = count;
      shares_ = shares;
      waiting_for_ = shares - 1;
      error_ = nullptr;
      ++round_;
    }
    // --8<-- [start:run]
    start_.notify_all();
    do_share(0, count, shares, work);
    const auto all_done = [this] { return waiting_for_ == 0; };
    spin_until(all_done);
    std::unique_lock lock(mutex_);
    done_.wait(lock, all_done);
    // --8<-- [end:run]
    work_ = nullptr;
    if (error_ != nullptr) {
      std::rethrow_exception(error_);
    }
  }

 private:
  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    start_.notify_all();
    for (std::thread& worker : workers_) {
      worker.join();
    }
  }

  void serve(std::size_t index) {
    std::uint64_t seen = 0;
    const auto is_wanted = [&] { return stopping_ || round_ != seen; };
    while (true) {
      spin_until(is_wanted);
      std::unique_lock lock(mutex_);
      start_.wait(lock, is_wanted);
      if (stopping_) {
        return;
      }
      seen = round_;
      if (index >= shares_ || work_ == nullptr) {
        continue;
      }
      const Work& work = *work_;
      const std::size_t count = count_;
      const std::size_t shares = shares_;
      lock.unlock();
      do_share(index, count, shares, work);
      if (--waiting_for_ == 0) {
        // Under the lock, or the caller might be between looking and sleeping.
        lock.lock();
        done_.notify_one();
      }
    }
  }

  void do_share(std::size_t index,
                std::size_t count,
                std::size_t shares,
                const Work& work) {
    inside_parallel_for = true;
    try {
      const auto [begin, end] = share_out(count, shares, index);
      work(begin, end);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (error_ == nullptr) {
        error_ = std::current_exception();
      }
    }
    inside_parallel_for = false;
  }

  const std::size_t threads_;
  std::mutex callers_;
  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable done_;
  const Work* work_ = nullptr;
  std::size_t count_ = 0;
  std::size_t shares_ = 0;
  std::atomic<std::size_t> waiting_for_ = 0;
  std::atomic<std::uint64_t> round_ = 0;
  std::exception_ptr error_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> workers_;
};

std::mutex& pool_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::unique_ptr<Pool>& pool_slot() {
  static std::unique_ptr<Pool> pool;
  return pool;
}

Pool& pool() {
  const std::scoped_lock lock(pool_mutex());
  std::unique_ptr<Pool>& slot = pool_slot();
  if (slot == nullptr) {
    slot = std::make_unique<Pool>(available_processors());
  }
  return *slot;
}

}  // namespace

std::size_t thread_count() {
  return pool().threads();
}

void set_thread_count(std::size_t threads) {
  const std::size_t wanted = threads == 0 ? available_processors() : threads;
  const std::scoped_lock lock(pool_mutex());
  std::unique_ptr<Pool>& slot = pool_slot();
  if (slot == nullptr || slot->threads() != wanted) {
    slot.reset();
    slot = std::make_unique<Pool>(wanted);
  }
}

void parallel_for(std::size_t count, std::size_t least, const Work& work) {
  if (count == 0) {
    return;
  }
  if (inside_parallel_for) {
    work(0, count);
    return;
  }
  Pool& threads = pool();
  const std::size_t shares = std::clamp(count / std::max<std::size_t>(least, 1),
                                        std::size_t{1}, threads.threads());
  if (shares == 1) {
    work(0, count);
    return;
  }
  threads.run(count, shares, work);
}

}  // namespace distilbert
