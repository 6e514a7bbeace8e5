#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace distilbert {

/// Whether a piece begins a word or goes on with one ("##").
enum class PieceKind : std::uint32_t { kBeginning = 0, kContinuation = 1 };

/// Eight bytes of a text as one number, the first byte lowest.
inline std::uint64_t load_eight(const char* bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

/// The mask of the first `count` bytes of such a number.
inline std::uint64_t first_bytes_mask(std::size_t count) {
  return count >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * count)) - 1;
}

/// Tokens in one string: token i is the bytes [begin, end) of `ranges[i]`.
struct TokenTexts {
  /// Where a token begins and ends in `bytes`.
  struct Range {
    std::size_t begin;
    std::size_t end;
  };

  std::string bytes;
  std::vector<Range> ranges;
};

/// The tokens of a vocabulary as UTF-8, and an index that finds them by their
/// bytes. Of equal tokens the last one is found.
///
/// A token has one slot of 16 bytes in a table of open addressing, with its
/// first eight bytes in it: whether a candidate of up to eight bytes is a token
/// is decided by one multiplication, one memory access and one comparison.
///
/// Texts to be found are given as a pointer and a size, and at least kPadding
/// bytes behind them must be readable.
class PieceIndex {
 public:
  /// How much is read behind the end of a text.
  static constexpr std::size_t kPadding = 8;
  /// The id of what isn't there.
  static constexpr std::int32_t kNone = -1;

  /// A token and its size in bytes.
  struct Match {
    std::int32_t id;
    std::size_t size;
  };

  /// A token "##x" is the continuation "x".
  explicit PieceIndex(TokenTexts tokens);

  /// The number of tokens.
  [[nodiscard]] std::size_t size() const { return tokens_.ranges.size(); }

  /// The text of a token, which must be there.
  [[nodiscard]] std::string_view text(std::int32_t id) const {
    const auto [begin, end] = tokens_.ranges[static_cast<std::size_t>(id)];
    return {tokens_.bytes.data() + begin, end - begin};
  }

  /// The id of a token, or kNone.
  [[nodiscard]] std::int32_t find(const char* bytes,
                                  std::size_t size,
                                  PieceKind kind) const {
    return find(key_of(bytes, size, kind));
  }

  /// The longest token of one byte to `size` bytes that `bytes` begins with;
  /// its id is kNone where there is none.
  [[nodiscard]] Match find_longest(const char* bytes,
                                   std::size_t size,
                                   PieceKind kind) const;

 private:
  /// What is looked for.
  struct Key {
    const char* bytes;
    std::size_t size;
    std::uint64_t first;  ///< the first eight bytes, or fewer and zeros
    std::uint64_t hash;
    std::uint32_t tag;
  };

  struct Slot {
    std::uint64_t first = 0;
    std::uint32_t tag = 0;  ///< size and kind
    std::int32_t id = kNone;
  };

  static constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;

  static Key key_of(const char* bytes, std::size_t size, PieceKind kind) {
    const auto kind_bit = static_cast<std::uint32_t>(kind);
    const std::uint64_t first = load_eight(bytes) & first_bytes_mask(size);
    std::uint64_t hash = (first + kind_bit) * kMultiplier;
    for (std::size_t i = 8; i < size; i += 8) {
      const std::uint64_t next =
          load_eight(bytes + i) & first_bytes_mask(size - i);
      hash = (hash ^ (hash >> 32U) ^ next) * kMultiplier;
    }
    const auto tag = static_cast<std::uint32_t>(2 * size) + kind_bit;
    return {bytes, size, first, hash, tag};
  }

  /// The slot of a key, or the free one where it belongs.
  [[nodiscard]] std::size_t slot_of(const Key& key) const {
    // --8<-- [start:slot_of]
    std::size_t i = key.hash >> hash_shift_;
    while (slots_[i].id != kNone && !holds(slots_[i], key)) {
      i = (i + 1) & (slots_.size() - 1);
    }
    // --8<-- [end:slot_of]
    return i;
  }

  [[nodiscard]] bool holds(const Slot& slot, const Key& key) const {
    return slot.first == key.first && slot.tag == key.tag &&
           (key.size <= 8 || ends_equally(slot.id, key));
  }

  /// Compares what is behind the first eight bytes.
  [[nodiscard]] bool ends_equally(std::int32_t id, const Key& key) const {
    const char* token =
        text(id).data() + text(id).size() - key.size;  // without "##"
    for (std::size_t i = 8; i < key.size; i += 8) {
      const std::uint64_t different =
          load_eight(token + i) ^ load_eight(key.bytes + i);
      if ((different & first_bytes_mask(key.size - i)) != 0) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] std::int32_t find(const Key& key) const {
    return slots_[slot_of(key)].id;
  }

  void insert(std::int32_t id);
  [[nodiscard]] std::uint64_t lengths_worth_trying(const char* bytes,
                                                   std::size_t size,
                                                   PieceKind kind) const;

  TokenTexts tokens_;  // with kPadding more bytes than they need
  // At least half of the slots are free.
  std::vector<Slot> slots_;
  unsigned hash_shift_ = 0;
  // Which lengths the tokens have that begin with the same three bytes; see
  // lengths_worth_trying.
  std::vector<std::uint64_t> lengths_;
  std::size_t longest_ = 0;
};

}  // namespace distilbert
