#pragma once

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "ch02_tokenizer/tokenizer.hpp"
#include "common/json.hpp"

/// The vocabulary of bert-base-uncased, which the project ships.
inline std::filesystem::path bert_vocabulary_path() {
  return std::filesystem::path(DISTILBERT_SOURCE_DIR) /
         "data/bert-base-uncased-vocab.txt";
}

/// A tokenizer on the vocabulary of bert-base-uncased.
inline distilbert::Tokenizer bert_tokenizer(
    const distilbert::TokenizerOptions& options = {},
    distilbert::TokenizerPath path = distilbert::TokenizerPath::kFast) {
  return {distilbert::Vocabulary::from_file(bert_vocabulary_path()), options,
          path};
}

/// Both ways through the tokenizer: what holds for one must hold for the other.
inline constexpr std::array kBothPaths = {distilbert::TokenizerPath::kFast,
                                          distilbert::TokenizerPath::kStages};

/// A golden of the reference, made by tests/golden/generate_tokenizer.py.
inline std::filesystem::path tokenizer_golden(const std::string& name) {
  return std::filesystem::path(DISTILBERT_SOURCE_DIR) /
         "tests/golden/tokenizer" / name;
}

inline nlohmann::json read_tokenizer_golden(const std::string& name) {
  return distilbert::parse_json_file(tokenizer_golden(name));
}

/// Offsets one after another: begin, end, begin, end, ...
inline std::vector<std::uint32_t> flatten(
    const std::vector<distilbert::Offset>& offsets) {
  std::vector<std::uint32_t> flat;
  for (const distilbert::Offset& offset : offsets) {
    flat.push_back(offset.begin);
    flat.push_back(offset.end);
  }
  return flat;
}
