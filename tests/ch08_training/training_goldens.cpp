// Twenty steps of a small model of each family beside PyTorch's: dropout off,
// with warm-up and clipping, one with weight decay. What the two share is the
// model and the batches; losses, norms, rates and the parameters at the end
// must come out alike.

#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "catch.hpp"
#include "ch01_tensor/sum_of_squares.hpp"
#include "ch04_layers/mean_squared_error.hpp"
#include "ch04_layers/softmax_cross_entropy.hpp"
#include "ch07_distilbert/load_model.hpp"
#include "ch08_training/trainer.hpp"
#include "goldens.hpp"

using namespace distilbert;
using distilbert::testing::golden_path;
using distilbert::testing::Goldens;

namespace {

constexpr std::size_t kSteps = 20;
constexpr std::size_t kBatch = 4;

// The texts of a golden file, from which batches are put together.
class Texts {
 public:
  explicit Texts(const Goldens& goldens)
      : ids_(goldens.integers<std::int32_t>("input_ids")),
        type_ids_(goldens.integers<std::int32_t>("type_ids")),
        offsets_(goldens.integers<std::size_t>("sequence_offsets")),
        labels_(labels_of(goldens)),
        order_(goldens.integers<std::size_t>("order")) {}

  [[nodiscard]] PackedBatch batch(std::span<const std::size_t> places) const {
    PackedBatch batch;
    batch.sequence_offsets = {0};
    for (const std::size_t place : places) {
      const std::size_t text = order_[place];
      for (std::size_t i = offsets_[text]; i < offsets_[text + 1]; ++i) {
        batch.ids.push_back(ids_[i]);
        batch.type_ids.push_back(type_ids_[i]);
        batch.positions.push_back(
            static_cast<std::int32_t>(i - offsets_[text]));
      }
      batch.sequence_offsets.push_back(batch.ids.size());
    }
    return batch;
  }

  [[nodiscard]] double label(std::size_t place) const {
    return labels_[order_[place]];
  }

 private:
  static std::vector<double> labels_of(const Goldens& goldens) {
    if (goldens.file().info("labels").dtype == Dtype::kI64) {
      return goldens.integers<double>("labels");
    }
    return goldens.file().read_values<double>("labels");
  }

  std::vector<std::int32_t> ids_;
  std::vector<std::int32_t> type_ids_;
  std::vector<std::size_t> offsets_;
  std::vector<double> labels_;
  std::vector<std::size_t> order_;
};

Variable<float> loss_of(const Model<float>& model,
                        const Texts& texts,
                        std::span<const std::size_t> places,
                        const Context<float>& context) {
  const auto logits = *model.forward(texts.batch(places), context).logits;
  if (columns(logits.value()) == 1) {
    Matrix<float> targets = make_matrix<float>(places.size(), 1);
    for (std::size_t i = 0; i < places.size(); ++i) {
      targets(i, 0) = static_cast<float>(texts.label(places[i]));
    }
    return mean_squared_error(logits, std::move(targets));
  }
  std::vector<std::int32_t> labels;
  for (const std::size_t place : places) {
    labels.push_back(static_cast<std::int32_t>(texts.label(place)));
  }
  return softmax_cross_entropy(logits, labels);
}

TrainingTask task_of(const Model<float>& model, const Texts& texts) {
  TrainingTask task;
  task.parameters = model.parameters().parameters();
  task.examples = kSteps * kBatch;
  task.loss = [&](auto places, const auto& context) {
    return loss_of(model, texts, places, context);
  };
  task.order = [](std::size_t) {
    std::vector<std::size_t> places(kSteps * kBatch);
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
  };
  return task;
}

TrainingOptions options_with(double weight_decay) {
  TrainingOptions options;
  options.epochs = 1;
  options.batch_size = kBatch;
  options.learning_rate = 5e-3;
  options.warmup_ratio = 0.2;
  options.weight_decay = weight_decay;
  options.dropout = false;
  return options;
}

void check_history(const std::vector<double>& found,
                   const Goldens& goldens,
                   const std::string& name,
                   double tolerance) {
  const Matrix<double> expected = goldens.matrix<double>(name);
  REQUIRE(found.size() == expected.size());
  for (std::size_t step = 0; step < found.size(); ++step) {
    INFO(name << " of step " << step);
    CHECK(std::abs(found[step] - expected(0, step)) <=
          tolerance * std::max(expected(0, step), 0.1));
  }
}

// A key's bias shifts all scores of a softmax alike, so its gradient is zero but
// for rounding, and AdamW, which divides by the gradient's size, makes steps of
// full length out of that: it ends anywhere, and it doesn't matter where.
bool is_key_bias(const std::string& name) {
  return name.ends_with("key.bias") || name.ends_with("k_lin.bias");
}

void check_parameter(const Parameter<float>& parameter,
                     const Matrix<double>& expected) {
  double squared_difference = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = values(*parameter.value)[i] - values(expected)[i];
    squared_difference += difference * difference;
  }
  INFO(parameter.name);
  CHECK(std::sqrt(squared_difference / sum_of_squares(values(expected))) <
        1e-4);
}

void check_training(const std::string& name,
                    const std::string& model_name,
                    double weight_decay) {
  const auto loaded =
      load_model<float>(ModelFolder(golden_path("models/" + model_name)));
  const Goldens goldens("training/" + name + ".safetensors");
  const Texts texts(goldens);
  const TrainingReport report =
      train(task_of(*loaded.model, texts), options_with(weight_decay), {});
  check_history(report.learning_rates, goldens, "learning_rates", 1e-15);
  check_history(report.losses, goldens, "losses", 2e-4);
  check_history(report.gradient_norms, goldens, "gradient_norms", 2e-4);
  for (const auto& parameter : loaded.model->parameters().parameters()) {
    if (!is_key_bias(parameter->name)) {
      check_parameter(
          *parameter,
          goldens.matrix<double>(
              "final." + saved_name(parameter->name, loaded.model->head())));
    }
  }
}

}  // namespace

TEST_CASE("twenty steps of a small BERT go as PyTorch's", "[goldens]") {
  check_training("tiny_bert", "bert_sequence_classification", 0.01);
}

TEST_CASE("twenty steps of a small DistilBERT go as PyTorch's", "[goldens]") {
  check_training("tiny_distilbert", "distilbert_regression", 0);
}
