#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace distilbert {

/// What a BlockPool has done so far.
struct BlockCounters {
  std::uint64_t blocks_taken = 0;        ///< blocks handed out
  std::uint64_t system_allocations = 0;  ///< of these, how many were new
  std::size_t bytes_in_use = 0;          ///< handed out and not given back
  std::size_t bytes_held = 0;            ///< in use or waiting for reuse
  std::size_t peak_bytes_in_use = 0;     ///< largest bytes_in_use so far
};

/// Hands out aligned blocks of memory and keeps those that come back for the
/// next one who asks. A training step needs the same blocks as the step before
/// it, so after its first steps training allocates nothing from the system,
/// and doesn't pay for fresh pages either.
///
/// Blocks are not zeroed: whoever takes one must write it before reading it.
/// Safe to use from several threads.
class BlockPool {
 public:
  /// Blocks start at a multiple of this many bytes: a cache line, and as wide
  /// as the widest vector register.
  static constexpr std::size_t kAlignment = 64;

  BlockPool() = default;
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool();

  /// The pool behind every tensor of the process.
  static BlockPool& shared();

  /// A block of at least `bytes` bytes. Throws std::bad_alloc.
  [[nodiscard]] void* take(std::size_t bytes);

  /// Takes back a block that take(bytes) returned.
  void give_back(void* block, std::size_t bytes) noexcept;

  /// Returns the blocks that wait for reuse to the system.
  void release_unused() noexcept;

  /// For tests: when on, every block is filled with NaN as it is handed out, so
  /// that code which forgets to write before it reads can't pass by luck on a
  /// page that happened to be zero.
  void set_poisoning(bool on);

  /// What the pool has handed out so far.
  [[nodiscard]] BlockCounters counters() const;

 private:
  void* take_recycled(std::size_t size);

  mutable std::mutex mutex_;
  std::multimap<std::size_t, void*> unused_;  // by the size of the block
  std::map<void*, std::size_t> size_of_;      // of every block handed out
  BlockCounters counters_;
  bool poisoning_ = false;
};

}  // namespace distilbert
