#include "bench_training.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "ch04_layers/softmax_cross_entropy.hpp"
#include "ch08_training/trainer.hpp"
#include "ch09_distillation/triple_loss.hpp"
#include "common/required_value.hpp"
#include "stopwatch.hpp"

namespace distilbert {
namespace {

constexpr std::int32_t kMaskId = 103;  // of bert-base-uncased's vocabulary

std::vector<std::size_t> first_examples(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

TrainingTask training_task(const Model<float>& model,
                           BatchLoss<float> loss,
                           std::vector<std::size_t> order) {
  TrainingTask training;
  training.parameters = model.parameters().parameters();
  training.examples = order.size();
  training.loss = std::move(loss);
  training.order = [order = std::move(order)](std::size_t) { return order; };
  return training;
}

BatchLoss<float> loss_of(const Task& task,
                         const Model<float>& model,
                         const TaskTrainingData& data) {
  return finetuning_loss(model, data, task);
}

// Texts for masked language modelling: without segments, as in the reference's
// recipe, and with [MASK] at every seventh token. Which ones doesn't matter for
// the time; the peer hides the same.
struct MaskedBatch {
  PackedBatch batch;
  std::vector<std::int32_t> labels;
};

MaskedBatch mask(const TaskTrainingData& data,
                 std::span<const std::size_t> chosen) {
  std::vector<Encoding> encodings;
  for (const std::size_t example : chosen) {
    encodings.push_back(data.encodings[example]);
  }
  MaskedBatch masked{pack(encodings), {}};
  PackedBatch& batch = masked.batch;
  std::ranges::fill(batch.type_ids, 0);
  masked.labels.assign(batch.tokens(), kIgnoredLabel);
  for (std::size_t i = 0; i < batch.tokens(); ++i) {
    if (batch.positions[i] % 7 == 3) {
      masked.labels[i] = batch.ids[i];
      batch.ids[i] = kMaskId;
    }
  }
  return masked;
}

BatchLoss<float> distillation_of(const Model<float>& student,
                                 const Model<float>& teacher,
                                 const TaskTrainingData& data) {
  return [&](std::span<const std::size_t> chosen,
             const Context<float>& context) {
    const MaskedBatch masked = mask(data, chosen);
    const ModelOutput<float> of_teacher = teacher.forward(masked.batch);
    const ModelOutput<float> of_student =
        student.forward(masked.batch, context);
    return triple_loss<float>(
               {required_value(of_student.logits, "the student's head"),
                of_student.last_hidden_state(),
                required_value(of_teacher.logits, "the teacher's head").value(),
                of_teacher.last_hidden_state().value(), masked.labels},
               {})
        .total;
  };
}

}  // namespace

double time_finetuning(const Task& task,
                       const Model<float>& model,
                       const TaskTrainingData& data,
                       std::size_t batch,
                       std::size_t steps) {
  const TrainingTask training = training_task(
      model, loss_of(task, model, data),
      first_examples(std::min(data.examples.size(), batch * steps)));
  TrainingOptions options;
  options.batch_size = batch;
  options.epochs = 1;
  return seconds_of([&] { train(training, options, ""); });
}

double first_finetuning_loss(const Task& task,
                             const Model<float>& model,
                             const TaskTrainingData& data,
                             std::size_t batch) {
  const auto loss = loss_of(task, model, data)(first_examples(batch), {});
  return static_cast<double>(loss.value()(0, 0));
}

double time_distillation(const Model<float>& student,
                         const Model<float>& teacher,
                         const TaskTrainingData& data,
                         std::size_t batch,
                         std::size_t steps) {
  std::vector<std::size_t> order =
      first_examples(std::min(data.examples.size(), batch * steps));
  std::ranges::stable_sort(order, {}, [&](std::size_t example) {
    return data.encodings[example].size();
  });
  const TrainingTask training = training_task(
      student, distillation_of(student, teacher, data), std::move(order));
  TrainingOptions options;  // of the reference's distillation script
  options.batch_size = batch;
  options.epochs = 1;
  options.learning_rate = 5e-4;
  options.adam_beta2 = 0.98;
  options.adam_epsilon = 1e-6;
  options.max_grad_norm = 5;
  return seconds_of([&] { train(training, options, ""); });
}

double first_distillation_loss(const Model<float>& student,
                               const Model<float>& teacher,
                               const TaskTrainingData& data,
                               std::size_t batch) {
  const auto loss =
      distillation_of(student, teacher, data)(first_examples(batch), {});
  return static_cast<double>(loss.value()(0, 0));
}

}  // namespace distilbert
