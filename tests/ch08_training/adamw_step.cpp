#include "ch08_training/adamw_step.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include "catch.hpp"
#include "ch08_training/adamw_step_fused.hpp"
#include "common/threads.hpp"
#include "random_matrix.hpp"

using namespace distilbert;
using distilbert::testing::random_matrix;

namespace {

template <class T>
struct Tensors {
  Matrix<T> p, g, m, v;

  Tensors(std::size_t size, std::uint64_t seed)
      : p(random_matrix<T>(1, size, seed)),
        g(random_matrix<T>(1, size, seed + 1)),
        m(random_matrix<T>(1, size, seed + 2)),
        v(random_matrix<T>(1, size, seed + 3)) {
    for (T& value : values(v)) {
      value *= value;
    }
  }

  AdamWTensor<T> view(std::uint64_t step, double weight_decay) {
    return {values(p), values(g), values(m), values(v), step, weight_decay};
  }
};

// The largest difference, relative to the largest value.
template <class T>
double difference(const Matrix<T>& a, const Matrix<T>& b) {
  double largest = 0;
  double scale = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(
        largest, static_cast<double>(std::abs(values(a)[i] - values(b)[i])));
    scale = std::max(scale, static_cast<double>(std::abs(values(b)[i])));
  }
  return largest / scale;
}

template <class T>
void check_that_fused_equals_plain(double tolerance) {
  const AdamWOptions options{3e-2, 0.85, 0.97, 1e-6};
  for (const std::uint64_t step : {1U, 2U, 7U, 1000U}) {
    std::vector<Tensors<T>> plain;
    std::vector<Tensors<T>> fused;
    std::vector<AdamWTensor<T>> views;
    for (const std::size_t size : {1U, 7U, 300'001U, 64U}) {
      plain.emplace_back(size, size + step);
      fused.emplace_back(size, size + step);
    }
    for (std::size_t i = 0; i < plain.size(); ++i) {
      adamw_step(plain[i].view(step + i, i % 2 == 0 ? 0.1 : 0), options);
      views.push_back(fused[i].view(step + i, i % 2 == 0 ? 0.1 : 0));
    }
    adamw_step_fused<T>(views, options);
    for (std::size_t i = 0; i < plain.size(); ++i) {
      CHECK(difference(fused[i].p, plain[i].p) < tolerance);
      CHECK(difference(fused[i].m, plain[i].m) < tolerance);
      CHECK(difference(fused[i].v, plain[i].v) < tolerance);
    }
  }
}

}  // namespace

TEST_CASE("three steps of AdamW end where PyTorch's end") {
  double p = 1;
  double m = 0;
  double v = 0;
  const std::vector<double> gradients = {0.5, -0.2, 0.3};
  const std::vector<double> expected = {0.899000002, 0.8635404181145108,
                                        0.8082328432610408};
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    adamw_step<double>(
        {{&p, 1}, {&gradients[i], 1}, {&m, 1}, {&v, 1}, i + 1, 0.01},
        {0.1, 0.9, 0.999, 1e-8});
    CHECK(std::abs(p - expected[i]) < 1e-15);
  }
}

TEST_CASE("weight decay shrinks the parameter by rate times decay, before") {
  // A gradient of zero leaves the decay alone to act.
  double p = 2;
  double m = 0;
  double v = 0;
  const double zero = 0;
  adamw_step<double>({{&p, 1}, {&zero, 1}, {&m, 1}, {&v, 1}, 1, 0.5},
                     {0.1, 0.9, 0.999, 1e-8});
  CHECK(p == Approx(1.9).epsilon(1e-15));
}

TEST_CASE("a learning rate of 0 moves the moments and not the parameter") {
  Tensors<float> tensors(33, 5);
  const Matrix<float> before = tensors.p;
  const Matrix<float> moment_before = tensors.m;
  adamw_step(tensors.view(1, 0.1), {0, 0.9, 0.999, 1e-8});
  CHECK((tensors.p == before));
  CHECK((tensors.m != moment_before));
}

TEST_CASE("the fused step equals the plain one") {
  check_that_fused_equals_plain<float>(1e-6);
  check_that_fused_equals_plain<double>(1e-14);
}

TEST_CASE("the fused step takes the gradient's scale along") {
  Tensors<double> plain(100, 3);
  Tensors<double> fused(100, 3);
  for (double& value : values(plain.g)) {
    value *= 0.25;
  }
  // A large epsilon, since AdamW is nearly blind to the scale otherwise.
  const AdamWOptions options{1e-2, 0.9, 0.99, 0.1};
  adamw_step(plain.view(1, 0), options);
  const std::vector<AdamWTensor<double>> views = {fused.view(1, 0)};
  adamw_step_fused<double>(views, options, 0.25);
  CHECK(difference(fused.p, plain.p) < 1e-14);
  CHECK(difference(fused.v, plain.v) < 1e-14);
}

TEST_CASE("the bits of the fused step don't depend on the threads") {
  const std::size_t threads = thread_count();
  std::vector<Matrix<float>> results;
  for (const std::size_t count : {1U, 2U, 5U}) {
    set_thread_count(count);
    Tensors<float> tensors(500'003, 9);
    const std::vector<AdamWTensor<float>> views = {tensors.view(3, 0.01)};
    adamw_step_fused<float>(views, {});
    results.push_back(tensors.p);
  }
  set_thread_count(threads);
  CHECK((results[0] == results[1]));
  CHECK((results[0] == results[2]));
}

TEST_CASE("AdamW refuses sizes that differ and a step before the first") {
  Tensors<float> tensors(4, 1);
  AdamWTensor<float> uneven = tensors.view(1, 0);
  uneven.gradient = uneven.gradient.first(3);
  CHECK_THROWS_AS(adamw_step(uneven, {}), std::logic_error);
  const std::vector<AdamWTensor<float>> uneven_list = {uneven};
  CHECK_THROWS_AS(adamw_step_fused<float>(uneven_list, {}), std::logic_error);
  CHECK_THROWS_AS(adamw_step(tensors.view(0, 0), {}), std::logic_error);
  const std::vector<AdamWTensor<float>> early_list = {tensors.view(0, 0)};
  CHECK_THROWS_AS(adamw_step_fused<float>(early_list, {}), std::logic_error);
}
