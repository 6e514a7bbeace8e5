#include "ch02_tokenizer/text_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "ch02_tokenizer/character_tables.hpp"
#include "ch02_tokenizer/normalization.hpp"

namespace distilbert {
namespace {

constexpr char32_t kDottedCapitalI = 0x0130;
constexpr char32_t kDotAbove = 0x0307;

std::size_t count_continuation_bytes(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }));
}

}  // namespace

/// The next four bytes of the stretch, or fewer and zeros behind its end.
std::uint32_t TextScanner::next_four() const {
  const char* bytes = text_.data() + next_;
  const std::size_t left = end_ - next_;
  std::uint32_t value = 0;
  if (left >= sizeof value) {
    std::memcpy(&value, bytes, sizeof value);
  } else {
    std::memcpy(&value, bytes, left);
  }
  return value;
}

void TextScanner::read_special(std::int32_t id, std::size_t end) {
  const std::uint32_t begin = position();
  const std::string_view token = text_.substr(next_, end - next_);
  continuation_bytes_ += count_continuation_bytes(token);
  next_ = end;
  append_word(id, begin, position());
}

bool TextScanner::read_until(std::size_t end) {
  end_ = end;
  bool done = true;
  while (done && next_ < end_) {
    switch (byte_kind(text_[next_])) {
      case ByteKind::kLetter:
        done = read_word();
        break;
      case ByteKind::kSpace:
        ++next_;
        break;
      case ByteKind::kPunctuation:
        append_word(settings_.punctuation_id(text_[next_]), position(),
                    position() + 1);
        ++next_;
        break;
      case ByteKind::kOther:
        done = read_mixed_word();
        break;
    }
  }
  return done;
}

/// A word that begins in ASCII; most end there, too.
bool TextScanner::read_word() {
  // --8<-- [start:read_letters]
  const std::uint32_t begin = position();
  std::size_t size = 0;
  for (; next_ < end_; ++next_, ++size) {
    const char letter = letters_[static_cast<unsigned char>(text_[next_])];
    if (letter == 0) {
      break;
    }
    ascii_[std::min(size, kMaximumWordLength)] = letter;
  }
  // --8<-- [end:read_letters]
  if (next_ < end_ && byte_kind(text_[next_]) == ByteKind::kOther) {
    for (std::size_t i = 0; i < size; ++i) {
      const char c = ascii_[std::min(i, kMaximumWordLength)];
      word_.append(pack_character(static_cast<unsigned char>(c)),
                   begin + static_cast<std::uint32_t>(i));
    }
    return read_mixed_word();
  }
  if (size > kMaximumWordLength) {
    append_word(settings_.unknown_id(), begin, position());
  } else {
    cut(ascii_.data(), size, [begin](std::size_t i) {
      return begin + static_cast<std::uint32_t>(i);
    });
  }
  return true;
}

/// Goes on with a word, which may be empty yet, up to an ASCII character that
/// ends it. Code points on the way may end words, too.
bool TextScanner::read_mixed_word() {
  marks_ = Marks::kNone;
  while (next_ < end_) {
    const ByteKind kind = byte_kind(text_[next_]);
    if (kind == ByteKind::kSpace || kind == ByteKind::kPunctuation ||
        (kind == ByteKind::kLetter && word_.empty())) {
      break;
    }
    if (!read_character()) {
      return false;
    }
  }
  end_word();
  return true;
}

bool TextScanner::read_character() {
  const PackedCharacter character = unpack_character(next_four());
  if (character.size == 0) {
    return false;
  }
  const std::uint32_t origin = position();
  next_ += character.size;
  continuation_bytes_ += character.size - 1;
  const std::uint8_t classes = character_classes(character.code_point);
  if ((classes & kUnchanged) != 0) {
    marks_ = Marks::kNone;
    word_.append(character, origin);
    return true;
  }
  return take_changed(character.code_point, classes, origin);
}

/// A code point that some rule has something to say about.
bool TextScanner::take_changed(char32_t c,
                               std::uint8_t classes,
                               std::uint32_t origin) {
  if ((classes & kRemoved) != 0) {
    return true;
  }
  const bool isolated =
      (classes & kIdeograph) != 0 && settings_.options().tokenize_chinese_chars;
  if ((classes & kToSpace) == 0 && !isolated) {
    return take_decomposed(c, origin);
  }
  end_word();
  marks_ = Marks::kNone;
  const bool done = !isolated || take_decomposed(c, origin);
  end_word();
  marks_ = Marks::kNone;
  return done;
}

bool TextScanner::take_decomposed(char32_t c, std::uint32_t origin) {
  if (!settings_.options().strip_accents) {
    take_in_lower_case(c, origin);
    return true;
  }
  if (is_hangul_syllable(c)) {
    marks_ = Marks::kNone;
    for (const char32_t jamo : decompose_hangul(c)) {
      word_.append(pack_character(jamo), origin);
    }
    return true;
  }
  const std::u32string_view parts = decomposition(c);
  if (parts.empty()) {
    return take_unit(c, origin);
  }
  return std::all_of(parts.begin(), parts.end(),
                     [&](char32_t part) { return take_unit(part, origin); });
}

/// Drops a mark. Marks that are dropped may stand in any order; only where one
/// that stays is among several would they have to be sorted.
bool TextScanner::take_unit(char32_t c, std::uint32_t origin) {
  const bool dropped = is(c, kNonspacingMark);
  // --8<-- [start:order_of_marks]
  if (combining_class(c) == 0) {
    marks_ = Marks::kNone;
  } else if (marks_ == Marks::kKept ||
             (marks_ == Marks::kDropped && !dropped)) {
    return false;
  } else {
    marks_ = dropped ? Marks::kDropped : Marks::kKept;
  }
  // --8<-- [end:order_of_marks]
  if (!dropped) {
    take_in_lower_case(c, origin);
  }
  return true;
}

void TextScanner::take_in_lower_case(char32_t c, std::uint32_t origin) {
  if (!settings_.options().lowercase) {
    take_normalized(c, origin);
    return;
  }
  take_normalized(simple_lowercase(c), origin);
  if (c == kDottedCapitalI) {
    take_normalized(kDotAbove, origin);
  }
}

void TextScanner::take_normalized(char32_t c, std::uint32_t origin) {
  const std::uint8_t classes = character_classes(c);
  const bool is_word = (classes & kPunctuation) != 0;
  if (is_word || (classes & kWhitespace) != 0) {
    end_word();
  }
  if ((classes & kWhitespace) == 0) {
    word_.append(pack_character(c), origin);
  }
  if (is_word) {
    end_word();
  }
}

void TextScanner::end_word() {
  if (word_.empty()) {
    return;
  }
  if (word_.too_long()) {
    append_word(settings_.unknown_id(), word_.first_origin(),
                word_.last_origin() + 1);
  } else {
    cut(word_.bytes(), word_.size(),
        [this](std::size_t i) { return word_.origin(i); });
  }
  word_.clear();
}

/// Appends the pieces of a word. `origin` says which code point of the text a
/// byte of the word came from.
template <class Origin>
void TextScanner::cut(const char* bytes, std::size_t size, Origin origin) {
  // Most words are tokens, and then the question which lengths to try is idle.
  const std::int32_t whole = index_.find(bytes, size, PieceKind::kBeginning);
  if (whole != PieceIndex::kNone) {
    append_word(whole, origin(0), origin(size - 1) + 1);
    return;
  }
  const std::size_t tokens_before = tokens_.size();
  PieceKind kind = PieceKind::kBeginning;
  for (std::size_t begin = 0; begin < size;) {
    const auto [id, length] =
        index_.find_longest(bytes + begin, size - begin, kind);
    if (id == PieceIndex::kNone) {
      tokens_.resize(tokens_before);
      append_word(settings_.unknown_id(), origin(0), origin(size - 1) + 1);
      return;
    }
    const Offset offset{origin(begin), origin(begin + length - 1) + 1};
    tokens_.push_back({id, offset, word_number_});
    begin += length;
    kind = PieceKind::kContinuation;
  }
  ++word_number_;
}

}  // namespace distilbert
