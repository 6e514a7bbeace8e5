#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ch02_tokenizer/encoding.hpp"
#include "ch02_tokenizer/fast_path.hpp"
#include "ch02_tokenizer/special_tokens.hpp"
#include "ch02_tokenizer/text_tokens.hpp"
#include "ch02_tokenizer/tokenizer_options.hpp"
#include "ch02_tokenizer/truncation.hpp"
#include "ch02_tokenizer/vocabulary.hpp"

namespace distilbert {

/// How a text or a pair is encoded.
struct EncodeOptions {
  /// False: neither [CLS] nor [SEP] are put around the text.
  bool add_special_tokens = true;
  Truncation truncation = {};
};

/// How a tokenizer works; the results are the same.
enum class TokenizerPath {
  kFast,    ///< all rules in one pass over the bytes
  kStages,  ///< rule after rule, as the book teaches them
};

/// BERT's tokenizer: text to ids and back. Same ids, type ids, tokens and
/// offsets as the fast tokenizer of the reference (tokenizers 0.23.3).
/// All members are const and may be called from several threads at once.
class Tokenizer {
 public:
  /// Throws Error where the vocabulary lacks a special token: [UNK], [CLS],
  /// [SEP], [PAD] or an additional one, as the options name them. Without a
  /// mask token the text "[MASK]" is text like any other.
  Tokenizer(Vocabulary vocabulary,
            TokenizerOptions options,
            TokenizerPath path = TokenizerPath::kFast);

  /// Reads vocab.txt and, if it is there, tokenizer_config.json of a model
  /// folder. Throws Error, which names the file, where they can't be used.
  static Tokenizer from_folder(const std::filesystem::path& folder,
                               TokenizerPath path = TokenizerPath::kFast);

  /// [CLS] text [SEP]. `text` is UTF-8; offsets count its code points. Throws
  /// Error where it isn't valid UTF-8, where max_length is smaller than the
  /// number of special tokens, and where truncation can't do what is asked.
  [[nodiscard]] Encoding encode(std::string_view text,
                                const EncodeOptions& options = {}) const;

  /// [CLS] first [SEP] second [SEP]; offsets count code points of each text on
  /// its own. Throws as encode does.
  [[nodiscard]] Encoding encode_pair(std::string_view first,
                                     std::string_view second,
                                     const EncodeOptions& options = {}) const;

  /// The text of some ids: tokens joined by spaces, continuations glued to what
  /// is before them, no space before . ? ! , and in contractions. Throws Error
  /// where an id isn't in the vocabulary. Reference behaviour: the WordPiece
  /// decoder with cleanup.
  [[nodiscard]] std::string decode(std::span<const std::int32_t> ids,
                                   bool skip_special_tokens = true) const;

  /// The token of an id ("##ing"), valid as long as the tokenizer is neither
  /// changed nor moved. Throws Error where there is none.
  [[nodiscard]] std::string_view token(std::int32_t id) const {
    return vocabulary_.token(id);
  }

  /// The tokens of some ids. Throws Error where there is none.
  [[nodiscard]] std::vector<std::string> tokens(
      std::span<const std::int32_t> ids) const;

  /// The tokens and their ids.
  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }

  /// How text is cleaned and split.
  [[nodiscard]] const TokenizerOptions& options() const { return options_; }

  /// The id of the token for unknown words.
  [[nodiscard]] std::int32_t unk_id() const { return unk_id_; }

  /// The id of the token in front of a text.
  [[nodiscard]] std::int32_t cls_id() const { return cls_id_; }

  /// The id of the token behind each part.
  [[nodiscard]] std::int32_t sep_id() const { return sep_id_; }

  /// The id of the token that fills a batch up.
  [[nodiscard]] std::int32_t pad_id() const { return pad_id_; }

  /// None where the vocabulary has no mask token.
  [[nodiscard]] std::optional<std::int32_t> mask_id() const { return mask_id_; }

 private:
  [[nodiscard]] std::int32_t required_id(const std::string& token) const;
  void tokenize(std::string_view utf8, TextTokens& tokens) const;
  void tokenize_by_stages(std::string_view utf8, TextTokens& tokens) const;
  void append_ordinary_text(std::u32string_view text,
                            std::size_t first,
                            std::int32_t& word,
                            TextTokens& tokens) const;
  [[nodiscard]] Encoding truncate_and_assemble(
      std::span<const std::span<const TextToken>> parts,
      const EncodeOptions& options) const;

  Vocabulary vocabulary_;
  TokenizerOptions options_;
  std::int32_t unk_id_;
  std::int32_t cls_id_;
  std::int32_t sep_id_;
  std::int32_t pad_id_;
  std::optional<std::int32_t> mask_id_;
  SpecialTokens special_tokens_;
  TokenizerPath path_;
  FastPath fast_path_;
};

}  // namespace distilbert
