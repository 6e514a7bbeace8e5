// Where each family drops: the draws that a forward pass writes down, and the
// same masks on the way back.

#include <algorithm>
#include <string>
#include <vector>

#include "ch03_autograd/gradient_error.hpp"
#include "ch07_distilbert/load_model.hpp"
#include "golden_batch.hpp"
#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

namespace {

std::vector<DropoutDraw> draws_of(const std::string& name) {
  const auto loaded =
      load_model<float>(ModelFolder(golden_path("models/" + name)));
  const Goldens goldens("models/" + name + "/expected.safetensors");
  std::vector<DropoutDraw> draws;
  const DropoutSource source{.seed = 1, .step = 2, .log = &draws};
  static_cast<void>(
      loaded.model->forward(batch_of(goldens), {.dropout = &source}));
  return draws;
}

std::vector<std::uint32_t> numbers_of(const std::vector<DropoutDraw>& draws,
                                      RandomPurpose purpose) {
  std::vector<std::uint32_t> numbers;
  for (const DropoutDraw& draw : draws) {
    if (draw.purpose == purpose) {
      numbers.push_back(draw.layer);
    }
  }
  return numbers;
}

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("BERT drops after the embeddings and in both halves of its layers") {
  const auto draws = draws_of("bert_body");
  REQUIRE(draws.size() == 10);
  REQUIRE(numbers_of(draws, RandomPurpose::kEmbeddingDropout) == Numbers{0});
  REQUIRE(numbers_of(draws, RandomPurpose::kAttentionDropout) ==
          Numbers{0, 1, 2});
  REQUIRE(numbers_of(draws, RandomPurpose::kHiddenDropout) ==
          Numbers{0, 1, 2, 3, 4, 5});
}

TEST_CASE("DistilBERT drops nothing between attention and its residual") {
  const auto draws = draws_of("distilbert_body");
  REQUIRE(draws.size() == 7);
  REQUIRE(numbers_of(draws, RandomPurpose::kEmbeddingDropout) == Numbers{0});
  REQUIRE(numbers_of(draws, RandomPurpose::kAttentionDropout) ==
          Numbers{0, 1, 2});
  REQUIRE(numbers_of(draws, RandomPurpose::kHiddenDropout) == Numbers{1, 3, 5});
}

TEST_CASE("heads drop with the probability of their own") {
  const auto probability = [](const std::string& name) {
    const auto draws = draws_of(name);
    const auto found = std::ranges::find(draws, RandomPurpose::kHeadDropout,
                                         &DropoutDraw::purpose);
    return found == draws.end() ? 0.0 : found->probability;
  };
  REQUIRE(probability("bert_sequence_classification") == 0.1);
  REQUIRE(probability("distilbert_sequence_classification") == 0.2);
  REQUIRE(probability("distilbert_token_classification") == 0.1);
  REQUIRE(probability("distilbert_question_answering") == 0.1);
  REQUIRE(probability("bert_question_answering") == 0);
  REQUIRE(probability("bert_masked_lm") == 0);
}

TEST_CASE("gradients under dropout are those measured with the same masks") {
  const DropoutSource dropout{.seed = 7, .step = 3};
  for (const std::string name :
       {"bert_sequence_classification", "distilbert_sequence_classification"}) {
    const auto loaded =
        load_model<double>(ModelFolder(golden_path("models/" + name)));
    const PackedBatch batch =
        batch_of(Goldens("models/" + name + "/expected.safetensors"));
    const auto loss = [&](Tape<double>* tape) {
      const auto output = loaded.model->forward(
          batch, {.tape = tape, .dropout = &dropout}, HiddenStates::kRead);
      return weighted_total(*output.logits);
    };
    // Gain and bias behind all masks.
    std::size_t measured = 0;
    for (const auto& parameter : loaded.model->parameters().parameters()) {
      if (parameter->name.find("embeddings.LayerNorm") != std::string::npos) {
        INFO(parameter->name);
        REQUIRE(gradient_error(loss, parameter) <= 1e-7);
        ++measured;
      }
    }
    REQUIRE(measured == 2);
  }
}
