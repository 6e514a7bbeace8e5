#include "ch08_training/accumulate_micro_batches.hpp"

#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "catch.hpp"
#include "small_model.hpp"

using namespace distilbert;
using distilbert::testing::SmallModel;

namespace {

constexpr std::size_t kExamples = 11;

struct Result {
  double loss = 0;
  std::vector<Matrix<double>> gradients;
};

Result accumulate_by(std::size_t micro_batch_size) {
  const SmallModel<double> model(kExamples);
  std::vector<std::size_t> examples(kExamples);
  std::iota(examples.begin(), examples.end(), std::size_t{0});
  const BatchLoss<double> loss = [&](auto batch, const auto& context) {
    return model.loss(batch, context);
  };
  Gradients<double> gradients;
  Result result;
  result.loss = accumulate_micro_batches(examples, micro_batch_size, loss,
                                         nullptr, gradients);
  for (const auto& parameter : model.parameters()) {
    REQUIRE(gradients.find(*parameter) != nullptr);
    result.gradients.push_back(*gradients.find(*parameter));
  }
  return result;
}

}  // namespace

TEST_CASE("micro batches give the gradients of the whole batch") {
  const Result whole = accumulate_by(kExamples);
  // 11 by 4 leaves a last one of 3; 11 by 10 one of 1.
  for (const std::size_t size : {1U, 4U, 10U, 100U}) {
    const Result parts = accumulate_by(size);
    CHECK(parts.loss == Approx(whole.loss).epsilon(1e-13));
    for (std::size_t p = 0; p < whole.gradients.size(); ++p) {
      const auto a = values(parts.gradients[p]);
      const auto b = values(whole.gradients[p]);
      for (std::size_t i = 0; i < a.size(); ++i) {
        CHECK(a[i] == Approx(b[i]).epsilon(1e-11).margin(1e-13));
      }
    }
  }
}

TEST_CASE("gradients are added to those that are there") {
  const SmallModel<double> model(kExamples);
  const std::vector<std::size_t> examples = {0, 1, 2};
  const BatchLoss<double> loss = [&](auto batch, const auto& context) {
    return model.loss(batch, context);
  };
  const auto parameter = model.parameters().front();
  Gradients<double> once;
  accumulate_micro_batches(examples, 3, loss, nullptr, once);
  Gradients<double> twice;
  accumulate_micro_batches(examples, 3, loss, nullptr, twice);
  accumulate_micro_batches(examples, 3, loss, nullptr, twice);
  for (std::size_t i = 0; i < once.find(*parameter)->size(); ++i) {
    CHECK(values(*twice.find(*parameter))[i] ==
          2 * values(*once.find(*parameter))[i]);
  }
}

TEST_CASE("micro batches draw masks of their own, the first the batch's") {
  const SmallModel<double> model(kExamples);
  const std::vector<std::size_t> examples = {0, 1, 2, 3, 4};
  const DropoutSource dropout{42, 17};
  std::set<std::uint64_t> seeds;
  std::uint64_t first_seed = 0;
  const BatchLoss<double> loss = [&](auto batch, const auto& context) {
    REQUIRE(context.dropout != nullptr);
    CHECK(context.dropout->step == 17);
    first_seed = seeds.empty() ? context.dropout->seed : first_seed;
    seeds.insert(context.dropout->seed);
    return model.loss(batch, context);
  };
  Gradients<double> gradients;
  accumulate_micro_batches(examples, 2, loss, &dropout, gradients);
  CHECK(first_seed == 42);
  CHECK(seeds.size() == 3);
}

TEST_CASE("an empty batch and micro batches of nothing are refused") {
  const SmallModel<double> model(kExamples);
  const BatchLoss<double> loss = [&](auto batch, const auto& context) {
    return model.loss(batch, context);
  };
  Gradients<double> gradients;
  const std::vector<std::size_t> examples = {0};
  CHECK_THROWS_AS(accumulate_micro_batches({}, 1, loss, nullptr, gradients),
                  std::logic_error);
  CHECK_THROWS_AS(
      accumulate_micro_batches(examples, 0, loss, nullptr, gradients),
      std::logic_error);
}
