#include "ch02_tokenizer/tokenizer_options.hpp"

#include <optional>
#include <string>
#include <vector>

#include "bert_tokenizer.hpp"
#include "catch.hpp"
#include "ch02_tokenizer/tokenizer.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

using distilbert::read_tokenizer_options;
using distilbert::Tokenizer;
using distilbert::TokenizerOptions;

namespace {

TokenizerOptions options_from(const std::string& json) {
  const TemporaryFolder folder;
  return read_tokenizer_options(folder.write("tokenizer_config.json", json));
}

void expect_refused(const std::string& json,
                    const std::vector<std::string>& parts) {
  INFO(json);
  expect_error([&] { (void)options_from(json); }, parts);
}

}  // namespace

TEST_CASE("an empty tokenizer_config.json means bert-base-uncased") {
  const TokenizerOptions options = options_from("{}");
  CHECK(options.lowercase);
  CHECK(options.tokenize_chinese_chars);
  CHECK_FALSE(options.model_max_length);
  CHECK(options.normalizer().strip_accents);
  CHECK(options.mask_token == "[MASK]");
}

TEST_CASE("strip_accents follows do_lower_case unless it is given") {
  CHECK_FALSE(
      options_from(R"({"do_lower_case": false})").normalizer().strip_accents);
  CHECK_FALSE(options_from(R"({"do_lower_case": false, "strip_accents": null})")
                  .normalizer()
                  .strip_accents);
  CHECK(options_from(R"({"do_lower_case": false, "strip_accents": true})")
            .normalizer()
            .strip_accents);
  CHECK_FALSE(options_from(R"({"do_lower_case": true, "strip_accents": false})")
                  .normalizer()
                  .strip_accents);
}

TEST_CASE("model_max_length is read, and 1e30 means no limit") {
  CHECK(options_from(R"({"model_max_length": 512})").model_max_length == 512U);
  CHECK_FALSE(
      options_from(R"({"model_max_length": 1000000000000000019884624838656})")
          .model_max_length);
}

TEST_CASE("special tokens are read as text or as objects") {
  const TokenizerOptions options = options_from(
      R"({"mask_token": {"content": "<mask>", "lstrip": false},
          "cls_token": "<s>", "additional_special_tokens": ["<e>"],
          "added_tokens_decoder": {"0": {"content": "[PAD]", "special": true},
                                   "7": {"content": "<f>"}}})");
  CHECK(options.mask_token == "<mask>");
  CHECK(options.cls_token == "<s>");
  CHECK(options.additional_special_tokens ==
        std::vector<std::string>{"<e>", "<f>"});
}

TEST_CASE("a tokenizer_config.json that can't be used names file and key") {
  expect_refused("[]", {"tokenizer_config.json"});
  expect_refused("{", {"tokenizer_config.json"});
  expect_refused(R"({"do_lower_case": 1})", {"do_lower_case", "1"});
  expect_refused(R"({"strip_accents": "no"})", {"strip_accents"});
  expect_refused(R"({"model_max_length": 0})", {"model_max_length"});
  expect_refused(R"({"model_max_length": -5})", {"model_max_length"});
  expect_refused(R"({"mask_token": 3})", {"mask_token", "3"});
  expect_refused(R"({"mask_token": ""})", {"mask_token"});
  expect_refused(R"({"mask_token": {"content": "[MASK]", "lstrip": true}})",
                 {"mask_token", "lstrip"});
  expect_refused(R"({"additional_special_tokens": "x"})",
                 {"additional_special_tokens"});
  expect_refused(R"({"additional_special_tokens": [""]})",
                 {"additional_special_tokens"});
}

TEST_CASE("a model folder's options reach the tokenizer") {
  const TemporaryFolder folder;
  folder.write("vocab.txt",
               "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nA\na\n我a\n<e>\n\u00c1\n");
  CHECK(Tokenizer::from_folder(folder.path()).encode("A\u00c1").ids ==
        std::vector<std::int32_t>{2, 1, 3});
  folder.write("tokenizer_config.json",
               R"({"do_lower_case": false, "tokenize_chinese_chars": false,
                   "additional_special_tokens": ["<e>"]})");
  const Tokenizer tokenizer = Tokenizer::from_folder(folder.path());
  CHECK(tokenizer.encode("A \u00c1 我a<e>").ids ==
        std::vector<std::int32_t>{2, 5, 9, 7, 8, 3});
}
