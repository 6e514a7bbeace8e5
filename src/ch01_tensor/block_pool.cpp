#include "ch01_tensor/block_pool.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace distilbert {
namespace {

// Blocks come in few sizes, eight to a doubling, so that a batch a little
// longer than the one before finds a block to reuse and wastes at most 1/8.
std::size_t rounded_up(std::size_t bytes) {
  const std::size_t at_least = std::max(bytes, BlockPool::kAlignment);
  const std::size_t step =
      std::max(std::bit_floor(at_least) / 8, BlockPool::kAlignment);
  return (at_least + step - 1) / step * step;
}

void free_block(void* block) noexcept {
  ::operator delete(block, std::align_val_t{BlockPool::kAlignment});
}

}  // namespace

BlockPool& BlockPool::shared() {
  // Never destroyed: tensors with static lifetime may outlive any destructor.
  static auto* const pool = new BlockPool;
  return *pool;
}

BlockPool::~BlockPool() {
  release_unused();
}

// The smallest waiting block that fits, unless it would waste half of itself.
void* BlockPool::take_recycled(std::size_t size) {
  const auto found = unused_.lower_bound(size);
  if (found == unused_.end() || found->first > 2 * size) {
    return nullptr;
  }
  void* const block = found->second;
  size_of_[block] = found->first;
  unused_.erase(found);
  return block;
}

void* BlockPool::take(std::size_t bytes) {
  const std::size_t size = rounded_up(bytes);
  const std::scoped_lock lock(mutex_);
  void* block = take_recycled(size);
  if (block == nullptr) {
    block = ::operator new(size, std::align_val_t{kAlignment});
    size_of_[block] = size;
    counters_.bytes_held += size;
    ++counters_.system_allocations;
  }
  ++counters_.blocks_taken;
  counters_.bytes_in_use += size_of_[block];
  counters_.peak_bytes_in_use =
      std::max(counters_.peak_bytes_in_use, counters_.bytes_in_use);
  if (poisoning_) {
    std::memset(block, 0xff, size);  // all bits set is a NaN in every format
  }
  return block;
}

void BlockPool::give_back(void* block, std::size_t /*bytes*/) noexcept {
  const std::scoped_lock lock(mutex_);
  const auto found = size_of_.find(block);
  counters_.bytes_in_use -= found->second;
  unused_.emplace(found->second, block);
  size_of_.erase(found);
}

void BlockPool::release_unused() noexcept {
  const std::scoped_lock lock(mutex_);
  for (const auto& [size, block] : unused_) {
    free_block(block);
    counters_.bytes_held -= size;
  }
  unused_.clear();
}

void BlockPool::set_poisoning(bool on) {
  const std::scoped_lock lock(mutex_);
  poisoning_ = on;
}

BlockCounters BlockPool::counters() const {
  const std::scoped_lock lock(mutex_);
  return counters_;
}

}  // namespace distilbert
