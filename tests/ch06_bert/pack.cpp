#include <vector>

#include "catch.hpp"
#include "ch06_bert/packed_batch.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

namespace {

Encoding encoding(std::vector<std::int32_t> ids,
                  std::vector<std::int32_t> type_ids) {
  Encoding result;
  result.ids = std::move(ids);
  result.type_ids = std::move(type_ids);
  result.offsets.resize(result.ids.size());
  return result;
}

}  // namespace

TEST_CASE("packed texts stand one after another with positions of their own") {
  const std::vector<Encoding> texts{encoding({2, 8, 3}, {0, 0, 0}),
                                    encoding({2, 3}, {0, 0}),
                                    encoding({2, 5, 3, 6, 3}, {0, 0, 0, 1, 1})};
  const PackedBatch batch = pack(texts);
  REQUIRE(batch.tokens() == 10);
  REQUIRE(batch.sequences() == 3);
  REQUIRE(batch.ids == std::vector<std::int32_t>{2, 8, 3, 2, 3, 2, 5, 3, 6, 3});
  REQUIRE(batch.type_ids ==
          std::vector<std::int32_t>{0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
  REQUIRE(batch.positions ==
          std::vector<std::int32_t>{0, 1, 2, 0, 1, 0, 1, 2, 3, 4});
  REQUIRE(batch.sequence_offsets == std::vector<std::size_t>{0, 3, 5, 10});
}

TEST_CASE("chosen texts are packed in the order in which they are chosen") {
  const std::vector<Encoding> texts{encoding({2, 8, 3}, {0, 0, 0}),
                                    encoding({2, 3}, {0, 0}),
                                    encoding({2, 5, 3}, {0, 0, 1})};
  const PackedBatch batch = pack(texts, std::vector<std::size_t>{2, 0});
  REQUIRE(batch.ids == std::vector<std::int32_t>{2, 5, 3, 2, 8, 3});
  REQUIRE(batch.type_ids == std::vector<std::int32_t>{0, 0, 1, 0, 0, 0});
  REQUIRE(batch.positions == std::vector<std::int32_t>{0, 1, 2, 0, 1, 2});
  REQUIRE(batch.sequence_offsets == std::vector<std::size_t>{0, 3, 6});
}

TEST_CASE("nothing packs to a batch without texts") {
  const PackedBatch batch = pack({});
  REQUIRE(batch.tokens() == 0);
  REQUIRE(batch.sequences() == 0);
  REQUIRE(batch.sequence_offsets == std::vector<std::size_t>{0});
}
