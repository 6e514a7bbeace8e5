#include "ch04_layers/context.hpp"

#include <vector>

#include "ch04_layers/dropout.hpp"
#include "operation_case.hpp"

using namespace distilbert;           // NOLINT(google-build-using-namespace)
using namespace distilbert::testing;  // NOLINT(google-build-using-namespace)

TEMPLATE_TEST_CASE("inference uses parameters without recording or copying",
                   "[context]",
                   float,
                   double) {
  using T = TestType;
  const auto parameter = parameter_of<T>({{1, 2}});
  const Variable<T> x = use(Context<T>{}, parameter);
  REQUIRE(x.tape() == nullptr);
  REQUIRE(x.shared_value() == parameter->value);
}

TEMPLATE_TEST_CASE("a context with a tape watches what it uses",
                   "[context]",
                   float,
                   double) {
  using T = TestType;
  const auto parameter = parameter_of<T>({{1, 2}});
  Tape<T> tape;
  Context<T> context;
  context.tape = &tape;
  const Variable<T> x = use(context, parameter);
  REQUIRE(x.tape() == &tape);
  REQUIRE(x.shared_value() == parameter->value);
  REQUIRE(use(context, parameter).node() == x.node());
  REQUIRE(tape.counters().nodes_recorded == 1);
}

TEMPLATE_TEST_CASE("a context without dropout draws nothing",
                   "[context]",
                   float,
                   double) {
  using T = TestType;
  std::vector<DropoutDraw> log;
  const DropoutSource randomness{1, 2, &log};
  const auto purpose = RandomPurpose::kHiddenDropout;
  REQUIRE_FALSE(draw_dropout_mask(Context<T>{}, 3, 4, 0.1, purpose, 0));
  Context<T> context;
  context.dropout = &randomness;
  REQUIRE_FALSE(draw_dropout_mask(context, 3, 4, 0, purpose, 0));
  REQUIRE(log.empty());
}

TEMPLATE_TEST_CASE("a context writes down what it draws",
                   "[context]",
                   float,
                   double) {
  using T = TestType;
  std::vector<DropoutDraw> log;
  const DropoutSource randomness{11, 12, &log};
  Context<T> context;
  context.dropout = &randomness;
  const auto mask = draw_dropout_mask(context, 3, 40, 0.25,
                                      RandomPurpose::kEmbeddingDropout, 13);
  draw_dropout_mask(context, 5, 6, 0.5, RandomPurpose::kHeadDropout, 0);
  REQUIRE(log.size() == 2);
  REQUIRE(log[0].purpose == RandomPurpose::kEmbeddingDropout);
  REQUIRE(log[0].layer == 13);
  REQUIRE(log[0].rows == 3);
  REQUIRE(log[0].columns == 40);
  REQUIRE(log[0].probability == 0.25);
  REQUIRE(log[1].purpose == RandomPurpose::kHeadDropout);
  REQUIRE(log[1].rows == 5);
  // Seed, step, purpose and layer are the address of the numbers.
  const RandomSource source(11, RandomPurpose::kEmbeddingDropout, 12, 13);
  REQUIRE((mask->keep == draw_dropout_mask(3, 40, 0.25, source).keep));
}

TEMPLATE_TEST_CASE("without a mask dropout gives back the very same variable",
                   "[context]",
                   float,
                   double) {
  using T = TestType;
  Tape<T> tape;
  const auto parameter = parameter_of<T>({{1, 2}});
  const Variable<T> x = tape.watch(parameter);
  const Variable<T> y = dropout<T>(x, std::nullopt);
  REQUIRE(y.shared_value() == x.shared_value());
  REQUIRE(y.node() == x.node());
  REQUIRE(tape.counters().nodes_recorded == 1);
}
