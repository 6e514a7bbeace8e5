#include "ch08_training/tensor_chunks.hpp"

#include <vector>

#include "catch.hpp"

using namespace distilbert;

TEST_CASE("chunks cover every tensor in order, none longer than asked for") {
  const std::vector<std::size_t> sizes = {0, 5, 6, 1, 0, 7};
  std::vector<std::size_t> covered(sizes.size());
  std::size_t last_tensor = 0;
  for (const auto [tensor, begin, end] : cut_into_chunks(sizes, 3)) {
    CHECK(tensor >= last_tensor);
    CHECK(begin == covered[tensor]);
    CHECK(end > begin);
    CHECK(end - begin <= 3);
    covered[tensor] = end;
    last_tensor = tensor;
  }
  CHECK(covered == sizes);
}
