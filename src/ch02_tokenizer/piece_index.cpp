#include "ch02_tokenizer/piece_index.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.hpp"

namespace distilbert {
namespace {

constexpr std::string_view kPrefix = "##";

/// The entries of one kind in the table of lengths.
constexpr std::size_t kLengthEntries = 4096;
/// Lengths of 63 bytes and more share a bit.
constexpr std::size_t kLastBit = 63;
/// No table is asked about pieces of one and two bytes.
constexpr std::uint64_t kShortLengths = 0b110;

std::uint64_t length_bit(std::size_t size) {
  return std::uint64_t{1} << std::min(size, kLastBit);
}

/// Where the table says which lengths tokens have that begin with the same
/// three bytes. Different beginnings may share an entry, which then allows too
/// much.
std::size_t length_entry(const char* bytes, PieceKind kind) {
  const auto three = static_cast<std::uint32_t>(load_eight(bytes)) & 0xFFFFFFU;
  const std::uint32_t hash = three * 2654435769U;
  return static_cast<std::size_t>(kind) * kLengthEntries + (hash >> 20U);
}

}  // namespace

PieceIndex::PieceIndex(TokenTexts tokens)
    : tokens_(std::move(tokens)), lengths_(2 * kLengthEntries) {
  require(size() < std::numeric_limits<std::int32_t>::max() / 4,
          "a vocabulary of {} tokens is too large", size());
  tokens_.bytes.append(kPadding, '\0');
  slots_.resize(std::bit_ceil(2 * size() + 2));
  hash_shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots_.size()));
  for (std::size_t id = 0; id < size(); ++id) {
    insert(static_cast<std::int32_t>(id));
  }
}

void PieceIndex::insert(std::int32_t id) {
  std::string_view token = text(id);
  PieceKind kind = PieceKind::kBeginning;
  if (token.starts_with(kPrefix)) {
    kind = PieceKind::kContinuation;
    token.remove_prefix(kPrefix.size());
  }
  const char* bytes = token.data();
  const Key key = key_of(bytes, token.size(), kind);
  slots_[slot_of(key)] = {key.first, key.tag, id};
  longest_ = std::max(longest_, token.size());
  if (token.size() > 2) {
    lengths_[length_entry(bytes, kind)] |= length_bit(token.size());
  }
}

std::uint64_t PieceIndex::lengths_worth_trying(const char* bytes,
                                               std::size_t size,
                                               PieceKind kind) const {
  // --8<-- [start:lengths_worth_trying]
  std::uint64_t lengths = kShortLengths;
  if (size > 2) {
    lengths |= lengths_[length_entry(bytes, kind)];
  }
  const std::uint64_t up_to_size =
      size >= kLastBit ? ~std::uint64_t{0} : 2 * length_bit(size) - 1;
  return lengths & up_to_size;
  // --8<-- [end:lengths_worth_trying]
}

PieceIndex::Match PieceIndex::find_longest(const char* bytes,
                                           std::size_t size,
                                           PieceKind kind) const {
  std::uint64_t lengths = lengths_worth_trying(bytes, size, kind);
  while (lengths != 0) {
    const auto last = static_cast<std::size_t>(std::bit_width(lengths)) - 1;
    // The last bit stands for all long lengths.
    std::size_t length = last == kLastBit ? std::min(size, longest_) : last;
    for (; length >= last; --length) {
      const std::int32_t id = find(bytes, length, kind);
      if (id != kNone) {
        return {id, length};
      }
    }
    lengths ^= std::uint64_t{1} << last;
  }
  return {kNone, 0};
}

}  // namespace distilbert
