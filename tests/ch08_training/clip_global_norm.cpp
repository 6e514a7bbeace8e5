#include "ch08_training/clip_global_norm.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "ch01_tensor/sum_of_squares.hpp"
#include "ch08_training/global_norm.hpp"
#include "common/threads.hpp"
#include "random_matrix.hpp"

using namespace distilbert;
using distilbert::testing::random_matrix;

namespace {

template <class T>
double clip(std::vector<Matrix<T>>& gradients, double max_norm) {
  std::vector<Matrix<T>*> list;
  for (Matrix<T>& gradient : gradients) {
    list.push_back(&gradient);
  }
  return clip_global_norm<T>(list, max_norm);
}

template <class T>
double norm_of(const std::vector<Matrix<T>>& gradients) {
  double sum = 0;
  for (const Matrix<T>& gradient : gradients) {
    sum += sum_of_squares(values(gradient));
  }
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("gradients longer than the limit are shortened as PyTorch does") {
  // 1² + 2² + 2² = 3²: the norm is one over all gradients, not one of each.
  std::vector<Matrix<double>> gradients = {Matrix<double>{{1, -2}},
                                           Matrix<double>{{2}}};
  CHECK(clip(gradients, 1) == 3);
  CHECK(std::abs(norm_of(gradients) - 0.9999996666667778) < 1e-15);
  CHECK(gradients[0](0, 1) == Approx(-2 / 3.000001).epsilon(1e-15));
  CHECK(gradients[1](0, 0) == Approx(2 / 3.000001).epsilon(1e-15));
}

TEST_CASE("gradients within the limit keep their bits") {
  std::vector<Matrix<float>> gradients = {random_matrix<float>(5, 7, 1),
                                          random_matrix<float>(1, 9, 2)};
  const std::vector<Matrix<float>> before = gradients;
  const double norm = clip(gradients, 100);
  CHECK(norm == norm_of(before));
  CHECK((gradients == before));
  clip(gradients, std::numeric_limits<double>::infinity());
  CHECK((gradients == before));
}

TEST_CASE("a gradient that is exactly at the limit is shortened a little") {
  std::vector<Matrix<double>> gradients = {Matrix<double>{{3, 4}}};
  CHECK(clip(gradients, 5) == 5);
  CHECK(gradients[0](0, 0) == Approx(3 * (5 / 5.000001)).epsilon(1e-15));
}

TEST_CASE("the norm of many small elements is not lost in float") {
  // In float the sum of squares would stop growing long before the end.
  std::vector<Matrix<float>> gradients = {
      Matrix<float>(Matrix<float>::shape_type{1, 40'000'000}, 1e-3F)};
  const double element = 1e-3F;
  CHECK(clip(gradients, 1e9) == Approx(element * std::sqrt(4e7)).epsilon(1e-9));
}

TEST_CASE("one NaN makes all gradients NaN, as in PyTorch") {
  std::vector<Matrix<float>> gradients = {Matrix<float>{{1, 2}},
                                          Matrix<float>{{std::nanf("")}}};
  CHECK(std::isnan(clip(gradients, 1)));
  CHECK(std::isnan(gradients[0](0, 0)));
}

TEST_CASE("an infinite element becomes NaN and the others 0, as in PyTorch") {
  std::vector<Matrix<float>> gradients = {
      Matrix<float>{{1, std::numeric_limits<float>::infinity()}}};
  CHECK(std::isinf(clip(gradients, 1)));
  CHECK(gradients[0](0, 0) == 0);
  CHECK(std::isnan(gradients[0](0, 1)));
}

TEST_CASE("no gradients have a norm of 0") {
  std::vector<Matrix<float>> gradients;
  CHECK(clip(gradients, 1) == 0);
}

TEST_CASE("the norm and scale of the fused step are those of clipping") {
  std::vector<Matrix<float>> gradients = {random_matrix<float>(3, 100'000, 1),
                                          random_matrix<float>(1, 9, 2)};
  std::vector<Matrix<float>*> list = {&gradients[0], &gradients[1]};
  const float element = gradients[1](0, 4);
  const std::size_t threads = thread_count();
  const double measured = global_norm(list);
  for (const std::size_t count : {1U, 2U, 5U}) {
    set_thread_count(count);
    CHECK(global_norm(list) == measured);
  }
  set_thread_count(threads);
  const double norm = clip(gradients, 2);
  CHECK(measured == Approx(norm).epsilon(1e-13));
  CHECK(gradients[1](0, 4) ==
        Approx(element * clip_scale(measured, 2)).epsilon(1e-6));
  CHECK(clip_scale(measured, 1e9) == 1);
  CHECK(clip_scale(measured, std::numeric_limits<double>::infinity()) == 1);
}
