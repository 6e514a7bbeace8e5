#include "ch10_glue/compute_logits.hpp"

#include <stdexcept>
#include <vector>

#include "ch07_distilbert/load_model.hpp"
#include "operation_checks.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::unique_ptr<Model<float>> model_of(const std::string& name) {
  return load_model<float>(ModelFolder(golden_path("models/" + name))).model;
}

// Texts of 1 to 40 tokens, no two alike.
std::vector<Encoding> random_texts(std::size_t count) {
  const RandomSource source(3, RandomPurpose::kInitialisation, 0, 0);
  std::vector<Encoding> texts(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto length =
        1 + static_cast<std::uint32_t>(source.uniform(i, 0) * 40);
    for (std::uint32_t j = 0; j < length; ++j) {
      texts[i].ids.push_back(
          static_cast<std::int32_t>(source.uniform(i, j + 1) * 60));
      texts[i].type_ids.push_back(j > length / 2 ? 1 : 0);
    }
  }
  return texts;
}

// One forward pass for each text.
Matrix<float> text_by_text(const Model<float>& model,
                           const std::vector<Encoding>& texts) {
  Matrix<float> all =
      make_matrix<float>(texts.size(), model.config().labels.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto output = model.forward(pack(std::span(texts).subspan(i, 1)));
    std::ranges::copy(values(output.logits.value().value()),
                      row(all, i).begin());
  }
  return all;
}

}  // namespace

TEST_CASE("logits of many texts are those of each text, in their order",
          "[compute_logits]") {
  const PoisonedMemory poisoned;
  const auto texts = random_texts(67);
  for (const char* const name :
       {"bert_sequence_classification", "distilbert_sequence_classification",
        "bert_regression", "distilbert_regression"}) {
    const auto model = model_of(name);
    const Matrix<double> expected = as_double(text_by_text(*model, texts));
    for (const std::size_t threads : {1, 2, 3, 8}) {
      const Threads set(threads);
      for (const std::size_t batch_size : {1, 2, 8, 32, 67, 1000}) {
        INFO(name << ", " << threads << " threads, batches of " << batch_size);
        require_forward_equal(compute_logits(*model, texts, batch_size),
                              expected, "logits");
      }
    }
  }
}

TEST_CASE("logits are the same bits in every run", "[compute_logits]") {
  const auto texts = random_texts(50);
  const auto model = model_of("bert_sequence_classification");
  for (const std::size_t threads : {1, 2, 3}) {
    const Threads set(threads);
    const Matrix<float> first = compute_logits(*model, texts, 16);
    for (int run = 0; run < 5; ++run) {
      REQUIRE(same_bits(compute_logits(*model, texts, 16), first));
    }
  }
}

TEST_CASE("the caller hears of each batch that is done", "[compute_logits]") {
  const auto texts = random_texts(10);
  const auto model = model_of("distilbert_regression");
  std::vector<std::size_t> heard;
  const auto listen = [&](std::size_t done) { heard.push_back(done); };
  compute_logits(*model, texts, 4, listen);
  REQUIRE(heard == std::vector<std::size_t>{4, 8, 10});
  heard.clear();
  REQUIRE(compute_logits(*model, {}, 4, listen).size() == 0);
  REQUIRE(heard.empty());
}

TEST_CASE("a text that the model refuses is an error on any thread",
          "[compute_logits]") {
  auto texts = random_texts(20);
  texts[17].ids[0] = 61;
  const auto model = model_of("bert_sequence_classification");
  for (const std::size_t threads : {1, 2, 3}) {
    const Threads set(threads);
    REQUIRE_THROWS_AS(compute_logits(*model, texts, 20), Error);
  }
}

TEST_CASE("logits of texts need a head that gives one row for each",
          "[compute_logits]") {
  const auto texts = random_texts(3);
  for (const char* const name : {"bert_body", "bert_token_classification",
                                 "bert_masked_lm", "bert_question_answering"}) {
    INFO(name);
    REQUIRE_THROWS_AS(compute_logits(*model_of(name), texts, 2),
                      std::logic_error);
  }
}

TEST_CASE("batches of no texts are refused", "[compute_logits]") {
  REQUIRE_THROWS_AS(
      compute_logits(*model_of("bert_regression"), random_texts(3), 0),
      std::logic_error);
}
