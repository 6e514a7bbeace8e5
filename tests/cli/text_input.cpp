#include "cli/text_input.hpp"

#include <sstream>

#include "expect_error.hpp"

using namespace distilbert;       // NOLINT(google-build-using-namespace)
using namespace distilbert::cli;  // NOLINT(google-build-using-namespace)

namespace {

Tokenizer tokenizer() {
  return {Vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"}), {}};
}

EncodedInput read(const std::string& text,
                  LineForm form,
                  std::optional<std::size_t> max_length = std::nullopt) {
  std::istringstream input(text);
  ModelConfig config;
  config.max_positions = 6;
  return read_encoded(input, form, tokenizer(), config, max_length);
}

}  // namespace

TEST_CASE("lines end at line feeds alone and nothing is trimmed") {
  std::istringstream input(" a\r\n\nb\v");
  REQUIRE(read_line(input, LineForm::kSingle)->text == " a\r");
  REQUIRE(read_line(input, LineForm::kSingle)->text.empty());
  REQUIRE(read_line(input, LineForm::kSingle)->text == "b\v");
  REQUIRE(!read_line(input, LineForm::kSingle).has_value());
}

TEST_CASE("a pair has exactly one tab") {
  const EncodedInput pairs = read("a\tb b\n\t\n", LineForm::kPair);
  REQUIRE(pairs.lines[0].text == "a");
  REQUIRE(pairs.lines[0].second == "b b");
  REQUIRE(pairs.encodings[1].ids == std::vector<std::int32_t>{2, 3, 3});
  expect_error([] { read("a\tb\na\n", LineForm::kPair); },
               {"line 2", "0 TABs"});
  expect_error([] { read("a\tb\na\tb\t\n", LineForm::kPair); },
               {"line 2", "2 TABs"});
  REQUIRE(read("a\tb\tb\n", LineForm::kSingle).encodings[0].size() == 5);
}

TEST_CASE("a text may fill all positions and no more") {
  REQUIRE(read("a a a a\n", LineForm::kSingle).encodings[0].size() == 6);
  expect_error([] { read("a\na a a a a\n", LineForm::kSingle); },
               {"line 2", "7 tokens", "positions for 6", "--max-length 6"});
  REQUIRE(read("a a a a a\n", LineForm::kSingle, 6).encodings[0].size() == 6);
  expect_error([] { read("a a a a a\n", LineForm::kSingle, 7); },
               {"line 1", "7 tokens"});
}

TEST_CASE("what the tokenizer refuses names the line") {
  expect_error([] { read("a\nb\xff\n", LineForm::kSingle); }, {"line 2"});
  expect_error([] { read("a\n", LineForm::kSingle, 1); }, {"line 1"});
}
