#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ch04_layers/context.hpp"
#include "ch04_layers/dropout.hpp"
#include "ch04_layers/gelu.hpp"
#include "ch04_layers/linear.hpp"
#include "ch04_layers/mean_squared_error.hpp"
#include "ch08_training/trainer.hpp"
#include "random_matrix.hpp"

namespace distilbert::testing {

/// A regression with one hidden layer, GELU and dropout: as much of a model as
/// training needs to be tested on. It learns to predict the numbers of another
/// network of its kind.
template <class T>
class SmallModel {
 public:
  static constexpr std::size_t kInputs = 6;
  static constexpr std::size_t kHidden = 10;

  explicit SmallModel(std::size_t examples)
      : inputs_(random_matrix<T>(examples, kInputs, 11)),
        targets_(random_matrix<T>(examples, 1, 12)),
        parameters_{
            parameter("layer.dense.weight", {kHidden, kInputs}, 1),
            parameter("layer.dense.bias", {kHidden}, 2),
            parameter("layer.output_layer_norm.weight", {1, kHidden}, 3),
            parameter("head.bias", {1}, 4)} {}

  [[nodiscard]] std::vector<ParameterPtr<T>> parameters() const {
    return {parameters_.begin(), parameters_.end()};
  }

  [[nodiscard]] Variable<T> loss(std::span<const std::size_t> examples,
                                 const Context<T>& context) const {
    Matrix<T> x = make_matrix<T>(examples.size(), kInputs);
    Matrix<T> y = make_matrix<T>(examples.size(), 1);
    for (std::size_t i = 0; i < examples.size(); ++i) {
      std::ranges::copy(row(inputs_, examples[i]), row(x, i).begin());
      y(i, 0) = targets_(examples[i], 0);
    }
    const Variable<T> hidden =
        gelu(linear(Variable<T>(std::move(x)), use(context, parameters_[0]),
                    use(context, parameters_[1])));
    auto mask = draw_dropout_mask(context, examples.size(), kHidden, 0.1,
                                  RandomPurpose::kHiddenDropout, 0);
    return mean_squared_error(
        linear(dropout(hidden, std::move(mask)), use(context, parameters_[2]),
               use(context, parameters_[3])),
        std::move(y));
  }

 private:
  static ParameterPtr<T> parameter(std::string name,
                                   std::vector<std::size_t> shape,
                                   std::uint64_t seed) {
    ParameterPtr<T> result =
        make_parameter<T>(std::move(name), std::move(shape));
    *result->value =
        random_matrix<T>(rows(*result->value), columns(*result->value), seed);
    return result;
  }

  Matrix<T> inputs_;
  Matrix<T> targets_;
  std::array<ParameterPtr<T>, 4> parameters_;
};

/// Training such a model on 23 examples in batches of 4: six steps an epoch,
/// the last one smaller. At an epoch's end it says its loss on all examples.
class SmallTraining {
 public:
  SmallTraining() : model_(kExamples) {
    task.parameters = model_.parameters();
    task.examples = kExamples;
    task.loss = [this](auto examples, const Context<float>& context) {
      return model_.loss(examples, context);
    };
    task.end_of_epoch = [this](std::size_t epoch) {
      return fmt::format("epoch {}: {}", epoch, loss_on_all());
    };
    task.identity = {{"task", "small"}};
    options.epochs = 5;
    options.batch_size = 4;
    options.learning_rate = 0.02;
    options.warmup_ratio = 0.1;
    options.weight_decay = 0.05;
    options.max_grad_norm = 2;
    options.checkpoint_seconds = 0;
  }

  SmallTraining(const SmallTraining&) = delete;
  SmallTraining& operator=(const SmallTraining&) = delete;

  static constexpr std::size_t kExamples = 23;
  static constexpr std::size_t kStepsPerEpoch = 6;

  [[nodiscard]] float loss_on_all() const {
    std::vector<std::size_t> all(kExamples);
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = i;
    }
    return model_.loss(all, {}).value()(0, 0);
  }

  /// All elements of all parameters, one after another.
  [[nodiscard]] std::vector<float> weights() const {
    std::vector<float> result;
    for (const ParameterPtr<float>& parameter : task.parameters) {
      const auto elements = values(std::as_const(*parameter->value));
      result.insert(result.end(), elements.begin(), elements.end());
    }
    return result;
  }

  TrainingTask task;
  TrainingOptions options;

 private:
  SmallModel<float> model_;
};

/// What an uninterrupted run leads to: the weights, and what it reported.
struct Outcome {
  std::vector<float> weights;
  TrainingReport report;
};

inline Outcome train_without_interruption() {
  SmallTraining training;
  TrainingReport report = train(training.task, training.options, {});
  return {training.weights(), std::move(report)};
}

/// Two runs are the same: to the bit in every number, to the letter in the log.
inline bool same_outcome(const Outcome& a, const Outcome& b) {
  return a.weights == b.weights && a.report.losses == b.report.losses &&
         a.report.learning_rates == b.report.learning_rates &&
         a.report.gradient_norms == b.report.gradient_norms &&
         a.report.epoch_log == b.report.epoch_log &&
         a.report.steps == b.report.steps;
}

}  // namespace distilbert::testing
