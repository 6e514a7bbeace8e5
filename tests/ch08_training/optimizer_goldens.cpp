// The optimizer's pure functions against PyTorch and transformers, from
// tests/golden/training/optimizer.json.

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch08_training/adamw_step_fused.hpp"
#include "ch08_training/clip_global_norm.hpp"
#include "ch08_training/learning_rate.hpp"
#include "ch08_training/receives_weight_decay.hpp"
#include "common/json.hpp"
#include "goldens.hpp"

using namespace distilbert;
using distilbert::testing::golden_path;

namespace {

const nlohmann::json& goldens() {
  static const nlohmann::json json =
      parse_json_file(golden_path("training/optimizer.json"));
  return json;
}

template <class T>
void step(const AdamWTensor<T>& tensor,
          const AdamWOptions& options,
          bool fused) {
  if (fused) {
    adamw_step_fused<T>({&tensor, 1}, options);
  } else {
    adamw_step(tensor, options);
  }
}

// Follows one group of one trajectory; returns the largest difference relative
// to the largest parameter.
template <class T>
double follow(const nlohmann::json& run,
              const nlohmann::json& group,
              bool fused) {
  auto p = group.at("start").get<std::vector<T>>();
  std::vector<T> m(p.size());
  std::vector<T> v(p.size());
  double largest = 0;
  double difference = 0;
  const std::size_t steps = group.at("gradients").size();
  for (std::size_t i = 0; i < steps; ++i) {
    const auto g = group.at("gradients").at(i).get<std::vector<T>>();
    step<T>(
        {p, g, m, v, i + 1, group.at("weight_decay").get<double>()},
        {run.at("learning_rates").at(i).get<double>(),
         run.at("betas").at(0).get<double>(),
         run.at("betas").at(1).get<double>(), run.at("epsilon").get<double>()},
        fused);
    const auto expected =
        group.at("parameters").at(i).get<std::vector<double>>();
    for (std::size_t k = 0; k < p.size(); ++k) {
      largest = std::max(largest, std::abs(expected[k]));
      difference = std::max(difference, std::abs(p[k] - expected[k]));
    }
  }
  return difference / largest;
}

}  // namespace

TEST_CASE("AdamW follows PyTorch's along whole trajectories") {
  for (const auto& run : goldens().at("adamw")) {
    for (const auto& group : run.at("groups")) {
      for (const bool fused : {false, true}) {
        CHECK(follow<double>(run, group, fused) < 1e-14);
        CHECK(follow<float>(run, group, fused) < 1e-6);
      }
    }
  }
}

TEST_CASE("the schedule is the reference's") {
  for (const auto& schedule : goldens().at("linear_schedule")) {
    const LinearSchedule linear{1, schedule.at("warmup").get<std::size_t>(),
                                schedule.at("steps").get<std::size_t>()};
    const auto updates = schedule.at("updates").get<std::vector<std::size_t>>();
    for (std::size_t i = 0; i < updates.size(); ++i) {
      CHECK(learning_rate(updates[i], linear) ==
            schedule.at("factors").at(i).get<double>());
    }
  }
}

TEST_CASE("clipping is PyTorch's") {
  for (const auto& clip : goldens().at("clip")) {
    std::vector<Matrix<double>> gradients;
    std::vector<Matrix<double>*> list;
    for (const auto& gradient : clip.at("gradients")) {
      gradients.push_back(make_matrix<double>(1, gradient.size()));
      std::ranges::copy(gradient.get<std::vector<double>>(),
                        values(gradients.back()).begin());
    }
    for (Matrix<double>& gradient : gradients) {
      list.push_back(&gradient);
    }
    const double norm =
        clip_global_norm<double>(list, clip.at("max_norm").get<double>());
    CHECK(norm == Approx(clip.at("norm").get<double>()).epsilon(1e-14));
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const auto expected = clip.at("clipped").at(i).get<std::vector<double>>();
      for (std::size_t k = 0; k < expected.size(); ++k) {
        CHECK(gradients[i](0, k) == Approx(expected[k]).epsilon(1e-14));
      }
    }
  }
}

TEST_CASE("the parameters that decay are those of the reference's models") {
  REQUIRE(goldens().at("decay").size() == 12);
  for (const auto& model : goldens().at("decay")) {
    for (const auto& name : model.at("decay").get<std::vector<std::string>>()) {
      INFO(name);
      CHECK(receives_weight_decay(name));
    }
    for (const auto& name :
         model.at("no_decay").get<std::vector<std::string>>()) {
      INFO(name);
      CHECK_FALSE(receives_weight_decay(name));
    }
  }
}
