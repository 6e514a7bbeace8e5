#include "ch02_tokenizer/tokenizer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ch02_tokenizer/aligned_text.hpp"
#include "ch02_tokenizer/assembly.hpp"
#include "ch02_tokenizer/encoding.hpp"
#include "ch02_tokenizer/normalization.hpp"
#include "ch02_tokenizer/split_words.hpp"
#include "ch02_tokenizer/tokenizer_options.hpp"
#include "ch02_tokenizer/truncation.hpp"
#include "ch02_tokenizer/vocabulary.hpp"
#include "ch02_tokenizer/wordpiece.hpp"
#include "common/error.hpp"
#include "common/utf8.hpp"

namespace distilbert {
namespace {

/// How many tokens of the texts fit beside the template's. Throws Error where
/// not even those fit, or the stride could never be kept.
std::size_t text_budget(std::size_t max_length,
                        std::size_t special_tokens,
                        std::size_t stride) {
  if (max_length < special_tokens) {
    fail("max_length {} is less than the {} special tokens of the template",
         max_length, special_tokens);
  }
  // The reference counts the special tokens of a single text here, always.
  constexpr std::size_t kSingleTemplate = 2;
  if (max_length >= kSingleTemplate && stride > max_length - kSingleTemplate) {
    fail("stride {} is more than max_length {} leaves for the text", stride,
         max_length);
  }
  return max_length - special_tokens;
}

}  // namespace

Tokenizer::Tokenizer(Vocabulary vocabulary,
                     TokenizerOptions options,
                     TokenizerPath path)
    : vocabulary_(std::move(vocabulary)),
      options_(std::move(options)),
      unk_id_(required_id(options_.unk_token)),
      cls_id_(required_id(options_.cls_token)),
      sep_id_(required_id(options_.sep_token)),
      pad_id_(required_id(options_.pad_token)),
      mask_id_(vocabulary_.find(decode_utf8(options_.mask_token))),
      path_(path),
      fast_path_(vocabulary_.index(), options_.normalizer(), unk_id_) {
  special_tokens_.add(decode_utf8(options_.unk_token), unk_id_);
  special_tokens_.add(decode_utf8(options_.cls_token), cls_id_);
  special_tokens_.add(decode_utf8(options_.sep_token), sep_id_);
  special_tokens_.add(decode_utf8(options_.pad_token), pad_id_);
  if (mask_id_) {
    special_tokens_.add(decode_utf8(options_.mask_token), *mask_id_);
  }
  for (const std::string& token : options_.additional_special_tokens) {
    special_tokens_.add(decode_utf8(token), required_id(token));
  }
}

Tokenizer Tokenizer::from_folder(const std::filesystem::path& folder,
                                 TokenizerPath path) {
  const std::filesystem::path vocabulary_file = folder / "vocab.txt";
  const std::filesystem::path config_file = folder / "tokenizer_config.json";
  TokenizerOptions options;
  if (std::filesystem::exists(config_file)) {
    options = read_tokenizer_options(config_file);
  }
  Vocabulary vocabulary = Vocabulary::from_file(vocabulary_file);
  try {
    return {std::move(vocabulary), std::move(options), path};
  } catch (const Error& error) {
    fail("{}: {}", vocabulary_file.string(), error.what());
  }
}

std::int32_t Tokenizer::required_id(const std::string& token) const {
  const auto id = vocabulary_.find(decode_utf8(token));
  if (!id) {
    fail("the special token {} is missing in the vocabulary", token);
  }
  return *id;
}

Encoding Tokenizer::encode(std::string_view text,
                           const EncodeOptions& options) const {
  ShortLivedTokens memory(text.size());
  tokenize(text, memory.tokens());
  const std::array<std::span<const TextToken>, 1> parts = {memory.tokens()};
  return truncate_and_assemble(parts, options);
}

Encoding Tokenizer::encode_pair(std::string_view first,
                                std::string_view second,
                                const EncodeOptions& options) const {
  ShortLivedTokens first_memory(first.size());
  ShortLivedTokens second_memory(second.size());
  tokenize(first, first_memory.tokens());
  tokenize(second, second_memory.tokens());
  const std::array<std::span<const TextToken>, 2> parts = {
      first_memory.tokens(), second_memory.tokens()};
  return truncate_and_assemble(parts, options);
}

std::vector<std::string> Tokenizer::tokens(
    std::span<const std::int32_t> ids) const {
  std::vector<std::string> result;
  result.reserve(ids.size());
  for (const std::int32_t id : ids) {
    result.emplace_back(token(id));
  }
  return result;
}

void Tokenizer::tokenize(std::string_view utf8, TextTokens& tokens) const {
  if (path_ == TokenizerPath::kFast &&
      fast_path_.append_tokens(utf8, vocabulary_.index(), special_tokens_,
                               tokens)) {
    return;
  }
  tokens.clear();
  tokenize_by_stages(utf8, tokens);
}

// --8<-- [start:tokenize]
void Tokenizer::tokenize_by_stages(std::string_view utf8,
                                   TextTokens& tokens) const {
  const std::u32string text = decode_utf8(utf8);
  if (text.size() > std::numeric_limits<std::int32_t>::max()) {
    fail("a text of {} characters is too long", text.size());
  }
  std::int32_t word = 0;
  std::size_t begin = 0;
  while (const auto match = special_tokens_.find(text, begin)) {
    append_ordinary_text({text.data() + begin, match->begin - begin}, begin,
                         word, tokens);
    const Offset offset{static_cast<std::uint32_t>(match->begin),
                        static_cast<std::uint32_t>(match->end)};
    tokens.push_back({match->id, offset, word++});
    begin = match->end;
  }
  append_ordinary_text({text.data() + begin, text.size() - begin}, begin, word,
                       tokens);
}

// --8<-- [end:tokenize]

// --8<-- [start:append_ordinary_text]
void Tokenizer::append_ordinary_text(std::u32string_view text,
                                     std::size_t first,
                                     std::int32_t& word,
                                     TextTokens& tokens) const {
  const AlignedText normalized = normalize(
      align(text, static_cast<std::uint32_t>(first)), options_.normalizer());
  std::vector<Piece> pieces;
  for (const Span span : split_words(normalized.characters)) {
    const std::u32string_view characters(normalized.characters);
    pieces.clear();
    wordpiece(characters.substr(span.begin, span.end - span.begin), vocabulary_,
              unk_id_, pieces);
    // --8<-- [start:append_pieces]
    for (const Piece& piece : pieces) {
      const std::size_t first_character = span.begin + piece.begin;
      const std::size_t last_character = span.begin + piece.end - 1;
      const Offset offset{normalized.origins[first_character],
                          normalized.origins[last_character] + 1};
      tokens.push_back({piece.id, offset, word});
    }
    // --8<-- [end:append_pieces]
    ++word;
  }
}

// --8<-- [end:append_ordinary_text]

Encoding Tokenizer::truncate_and_assemble(
    std::span<const std::span<const TextToken>> parts,
    const EncodeOptions& options) const {
  const bool is_pair = parts.size() == 2;
  const Truncation& truncation = options.truncation;
  PartLengths lengths{parts[0].size(), is_pair ? parts[1].size() : 0};
  if (truncation.max_length &&
      truncation.strategy != TruncationStrategy::kDoNotTruncate) {
    const std::size_t budget = text_budget(
        *truncation.max_length,
        template_size(options.add_special_tokens, is_pair), truncation.stride);
    lengths = truncated_lengths(lengths, is_pair, budget, truncation.strategy);
  }
  const TemplateTokens template_tokens{
      .add = options.add_special_tokens, .cls_id = cls_id_, .sep_id = sep_id_};
  if (lengths.first == parts[0].size() &&
      (!is_pair || lengths.second == parts[1].size())) {
    return fill_template(parts, template_tokens);
  }
  std::vector<WindowedPart> windowed;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t length = i == 0 ? lengths.first : lengths.second;
    windowed.push_back(
        {parts[i], windows(parts[i].size(), length, truncation.stride,
                           truncation.direction)});
  }
  return assemble(windowed, template_tokens);
}

}  // namespace distilbert
