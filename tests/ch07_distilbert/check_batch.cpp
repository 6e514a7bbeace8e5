// What a model refuses to take in, with a line that says why.

#include <string>

#include "catch.hpp"
#include "ch07_distilbert/load_model.hpp"
#include "expect_error.hpp"
#include "goldens.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)
using distilbert::testing::golden_path;

namespace {

PackedBatch batch_of(std::vector<std::int32_t> ids, std::int32_t type) {
  PackedBatch batch;
  batch.ids = std::move(ids);
  for (std::size_t i = 0; i < batch.ids.size(); ++i) {
    batch.type_ids.push_back(type);
    batch.positions.push_back(static_cast<std::int32_t>(i));
  }
  batch.sequence_offsets = {0, batch.ids.size()};
  return batch;
}

}  // namespace

TEST_CASE("ids, segments and lengths outside the model are refused") {
  const auto bert =
      load_model<float>(ModelFolder(golden_path("models/bert_body")));
  const Model<float>& model = *bert.model;
  const auto vocabulary = static_cast<std::int32_t>(model.config().vocab_size);
  expect_error(
      [&] { static_cast<void>(model.forward(batch_of({vocabulary}, 0))); },
      {std::to_string(vocabulary), "vocabulary"});
  expect_error([&] { static_cast<void>(model.forward(batch_of({-1}, 0))); },
               {"-1"});
  expect_error([&] { static_cast<void>(model.forward(batch_of({2, 3}, 2))); },
               {"segment 2"});
  expect_error(
      [&] {
        static_cast<void>(model.forward(batch_of(
            std::vector<std::int32_t>(
                static_cast<std::size_t>(model.config().max_positions) + 1, 2),
            0)));
      },
      {"positions"});
}

TEST_CASE("a DistilBERT has no segments to refuse") {
  const auto student =
      load_model<float>(ModelFolder(golden_path("models/distilbert_body")));
  REQUIRE_NOTHROW(student.model->forward(batch_of({2, 3}, 7)));
}
