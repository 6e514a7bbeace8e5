#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "catch.hpp"
#include "ch10_glue/accuracy.hpp"
#include "ch10_glue/average_ranks.hpp"
#include "ch10_glue/count_outcomes.hpp"
#include "ch10_glue/f1.hpp"
#include "ch10_glue/matthews_correlation.hpp"
#include "ch10_glue/pearson.hpp"
#include "ch10_glue/spearman.hpp"

using namespace distilbert;  // NOLINT(google-build-using-namespace)

namespace {

using Classes = std::vector<int>;
using Numbers = std::vector<double>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("the four outcomes are counted, positive meaning class 1") {
  const Outcomes outcomes = count_outcomes(Classes{1, 1, 1, 0, 0, 0, 0, 1, 0},
                                           Classes{1, 1, 0, 0, 0, 0, 1, 1, 1});
  CHECK(outcomes.true_positives == 3);
  CHECK(outcomes.true_negatives == 3);
  CHECK(outcomes.false_positives == 1);
  CHECK(outcomes.false_negatives == 2);
}

TEST_CASE("the pencil example of Matthews, F1 and accuracy") {
  const Classes labels = {1, 1, 1, 0, 0, 1, 0, 0};
  const Classes predictions = {1, 0, 1, 1, 0, 1, 0, 0};
  const Outcomes outcomes = count_outcomes(predictions, labels);
  CHECK(matthews_correlation(outcomes) == 0.5);
  CHECK(f1(outcomes) == 0.75);
  CHECK(accuracy(predictions, labels) == 0.75);
}

TEST_CASE("Matthews is 0 when one class is always predicted") {
  const Classes labels = {1, 1, 0, 1};
  CHECK(matthews_correlation(count_outcomes(Classes(4, 1), labels)) == 0.0);
  CHECK(matthews_correlation(count_outcomes(Classes(4, 0), labels)) == 0.0);
  CHECK(matthews_correlation(count_outcomes(labels, Classes(4, 1))) == 0.0);
  CHECK(matthews_correlation(Outcomes{}) == 0.0);
}

TEST_CASE("Matthews is 1 for all right and -1 for all wrong") {
  const Classes labels = {1, 0, 0, 1, 1};
  const Classes opposite = {0, 1, 1, 0, 0};
  CHECK(matthews_correlation(count_outcomes(labels, labels)) == Approx(1.0));
  CHECK(matthews_correlation(count_outcomes(opposite, labels)) == Approx(-1.0));
}

TEST_CASE("Matthews of many rows doesn't overflow") {
  // As many rows as QQP's train file: the product of the sums is near 1e21.
  const Outcomes outcomes{.true_positives = 100000,
                          .true_negatives = 200000,
                          .false_positives = 30000,
                          .false_negatives = 33846};
  CHECK(matthews_correlation(outcomes) == Approx(0.6205812406).epsilon(1e-9));
}

TEST_CASE("F1 is 0 without a true positive") {
  CHECK(f1(count_outcomes(Classes{0, 0}, Classes{1, 1})) == 0.0);
  CHECK(f1(count_outcomes(Classes{1, 1}, Classes{0, 0})) == 0.0);
  CHECK(f1(count_outcomes(Classes{0, 0}, Classes{0, 0})) == 0.0);
}

TEST_CASE("classes other than 0 and 1, and unequal lengths, are refused") {
  CHECK_THROWS_AS(count_outcomes(Classes{2}, Classes{1}), std::logic_error);
  CHECK_THROWS_AS(count_outcomes(Classes{1}, Classes{-1}), std::logic_error);
  CHECK_THROWS_AS(count_outcomes(Classes{1}, Classes{1, 0}), std::logic_error);
  CHECK_THROWS_AS(accuracy(Classes{1}, Classes{1, 0}), std::logic_error);
  CHECK_THROWS_AS(accuracy(Classes{}, Classes{}), std::logic_error);
  CHECK_THROWS_AS(pearson(Numbers{1}, Numbers{1, 0}), std::logic_error);
}

TEST_CASE("tied values share the mean of their ranks") {
  CHECK(average_ranks(Numbers{10, 30, 20, 30}) == Numbers{1, 3.5, 2, 3.5});
  CHECK(average_ranks(Numbers{7, 7, 7}) == Numbers{2, 2, 2});
  CHECK(average_ranks(Numbers{3, 2, 1}) == Numbers{3, 2, 1});
  CHECK(average_ranks(Numbers{0.0, -0.0, -1}) == Numbers{2.5, 2.5, 1});
  CHECK(average_ranks(Numbers{}).empty());
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(average_ranks(Numbers{infinity, 0, -infinity}) == Numbers{3, 2, 1});
}

TEST_CASE("with a NaN among the values no rank is known") {
  for (const double rank : average_ranks(Numbers{1, kNan, 0})) {
    CHECK(std::isnan(rank));
  }
  CHECK(std::isnan(spearman(Numbers{1, kNan, 0}, Numbers{1, 2, 3})));
  CHECK(std::isnan(pearson(Numbers{1, kNan, 0}, Numbers{1, 2, 3})));
}

TEST_CASE("the pencil example of Pearson and Spearman") {
  const Numbers a = {1, 2, 2, 3.5, 0};
  const Numbers b = {1.5, 2.5, 1, 4, 0.5};
  CHECK(pearson(a, b) == Approx(0.8775541136).epsilon(1e-9));
  CHECK(spearman(a, b) == Approx(0.8207826817).epsilon(1e-9));
}

TEST_CASE("a correlation with a constant vector is NaN") {
  // The mean of three times 0.1 isn't 0.1 in floating point.
  const Numbers constant = {0.1, 0.1, 0.1};
  const Numbers rising = {1, 2, 3};
  CHECK(std::isnan(pearson(constant, rising)));
  CHECK(std::isnan(pearson(rising, constant)));
  CHECK(std::isnan(spearman(constant, rising)));
  CHECK(std::isnan(pearson(Numbers{1}, Numbers{2})));
  CHECK(std::isnan(pearson(Numbers{}, Numbers{})));
}

TEST_CASE("a correlation stays within -1 and 1") {
  for (int n = 2; n < 200; ++n) {
    Numbers x;
    Numbers y;
    for (int i = 0; i < n; ++i) {
      x.push_back(std::sin(i + n));
      y.push_back(-x.back() / 3.0);
    }
    CHECK(pearson(x, x) <= 1.0);
    CHECK(pearson(x, y) >= -1.0);
    CHECK(pearson(x, y) == Approx(-1.0));
  }
}

TEST_CASE("Spearman sees order alone") {
  const Numbers x = {0.1, 2.0, 0.7, 5.0, 3.0};
  Numbers cubed;
  for (const double value : x) {
    cubed.push_back(value * value * value);
  }
  CHECK(spearman(x, cubed) == Approx(1.0));
  CHECK(pearson(x, cubed) < 0.95);
}
