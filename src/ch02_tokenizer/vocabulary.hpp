#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ch02_tokenizer/piece_index.hpp"

namespace distilbert {

/// The prefix of a token that continues a word: "token" + "##izer".
inline constexpr std::u32string_view kContinuationPrefix = U"##";

/// The tokens of a model and their ids, which are line numbers counted from 0.
/// Where a token stands on several lines the last one is its id, as in the
/// reference; the other lines keep their numbers and are never produced.
/// All members are const and may be called from several threads.
class Vocabulary {
 public:
  /// Builds a vocabulary from tokens in order of their ids. Throws Error where
  /// a token isn't valid UTF-8 or there is none.
  explicit Vocabulary(const std::vector<std::string>& tokens);

  /// Reads a vocab.txt, one token a line. Whitespace at a line's end is no part
  /// of the token. Throws Error, which names file and line, where the file
  /// can't be read, is empty, or holds a line that isn't valid UTF-8.
  static Vocabulary from_file(const std::filesystem::path& path);

  /// The number of lines, one more than the largest id.
  [[nodiscard]] std::size_t size() const { return index_.size(); }

  /// The token of an id, valid as long as the vocabulary is neither changed nor
  /// moved. Throws Error where the id is no line.
  [[nodiscard]] std::string_view token(std::int32_t id) const;

  /// The id of a token, if it is there.
  [[nodiscard]] std::optional<std::int32_t> find(
      std::u32string_view token) const;

  /// The id of the token "##" + `rest`, if it is there.
  [[nodiscard]] std::optional<std::int32_t> find_continuation(
      std::u32string_view rest) const;

  /// The length in code points of the longest token; no longer text is found.
  [[nodiscard]] std::size_t longest_token() const { return longest_token_; }

  /// The same tokens as UTF-8: what the fast path asks.
  [[nodiscard]] const PieceIndex& index() const { return index_; }

 private:
  explicit Vocabulary(PieceIndex index);

  [[nodiscard]] std::optional<std::int32_t> find(std::u32string_view text,
                                                 PieceKind kind) const;

  PieceIndex index_;
  std::size_t longest_token_ = 0;
};

}  // namespace distilbert
