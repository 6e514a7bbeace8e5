#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>

#include "ch01_tensor/block_pool.hpp"

namespace distilbert {

/// The memory of one tensor, in the form that xtensor asks of a container.
/// Usually a block of the BlockPool; it may instead be memory that belongs to
/// somebody else, such as the mapped file of a checkpoint, which `keep_alive`
/// holds on to. A copy always owns its memory.
///
/// New elements are not initialised.
template <class T>
class Buffer {
 public:
  using value_type = T;
  using allocator_type = std::allocator<T>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using pointer = T*;
  using const_pointer = const T*;
  using iterator = T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;

  Buffer() = default;

  explicit Buffer(size_type size) { resize(size); }

  Buffer(size_type size, const T& value) : Buffer(size) {
    std::fill(begin(), end(), value);
  }

  Buffer(std::initializer_list<T> values) : Buffer(values.size()) {
    std::copy(values.begin(), values.end(), begin());
  }

  template <std::input_iterator Iterator>
  Buffer(Iterator first, Iterator last)
      : Buffer(static_cast<size_type>(std::distance(first, last))) {
    std::copy(first, last, begin());
  }

  /// A buffer over memory of somebody else, who lives as long as `keep_alive`.
  Buffer(T* data, size_type size, std::shared_ptr<const void> keep_alive)
      : data_(data), size_(size), keep_alive_(std::move(keep_alive)) {}

  Buffer(const Buffer& other) : Buffer(other.size_) {
    std::copy(other.begin(), other.end(), begin());
  }

  Buffer(Buffer&& other) noexcept { swap(other); }

  Buffer& operator=(const Buffer& other) {
    if (this != &other) {
      resize(other.size_);
      std::copy(other.begin(), other.end(), begin());
    }
    return *this;
  }

  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }

  ~Buffer() { release(); }

  /// Makes room for `size` elements; what was there is lost.
  void resize(size_type size) {
    if (size == size_) {
      return;
    }
    release();
    if (size > 0) {
      data_ = static_cast<T*>(BlockPool::shared().take(size * sizeof(T)));
      size_ = size;
    }
  }

  void swap(Buffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(keep_alive_, other.keep_alive_);
  }

  [[nodiscard]] size_type size() const noexcept { return size_; }

  [[nodiscard]] size_type max_size() const noexcept {
    return static_cast<size_type>(-1) / sizeof(T);
  }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  T* data() noexcept { return data_; }

  [[nodiscard]] const T* data() const noexcept { return data_; }

  T& operator[](size_type i) { return data_[i]; }

  const T& operator[](size_type i) const { return data_[i]; }

  T& front() { return data_[0]; }

  [[nodiscard]] const T& front() const { return data_[0]; }

  T& back() { return data_[size_ - 1]; }

  [[nodiscard]] const T& back() const { return data_[size_ - 1]; }

  iterator begin() noexcept { return data_; }

  iterator end() noexcept { return data_ + size_; }

  [[nodiscard]] const_iterator begin() const noexcept { return data_; }

  [[nodiscard]] const_iterator end() const noexcept { return data_ + size_; }

  [[nodiscard]] const_iterator cbegin() const noexcept { return data_; }

  [[nodiscard]] const_iterator cend() const noexcept { return data_ + size_; }

  reverse_iterator rbegin() noexcept { return reverse_iterator(end()); }

  reverse_iterator rend() noexcept { return reverse_iterator(begin()); }

  [[nodiscard]] const_reverse_iterator rbegin() const noexcept {
    return const_reverse_iterator(end());
  }

  [[nodiscard]] const_reverse_iterator rend() const noexcept {
    return const_reverse_iterator(begin());
  }

  [[nodiscard]] const_reverse_iterator crbegin() const noexcept {
    return rbegin();
  }

  [[nodiscard]] const_reverse_iterator crend() const noexcept { return rend(); }

 private:
  void release() noexcept {
    if (data_ != nullptr && keep_alive_ == nullptr) {
      BlockPool::shared().give_back(data_, size_ * sizeof(T));
    }
    data_ = nullptr;
    size_ = 0;
    keep_alive_.reset();
  }

  T* data_ = nullptr;
  size_type size_ = 0;
  std::shared_ptr<const void> keep_alive_;
};

template <class T>
bool operator==(const Buffer<T>& a, const Buffer<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace distilbert
