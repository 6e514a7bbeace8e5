#include "ch10_glue/task_training.hpp"

#include "common/error.hpp"
#include "common/required_value.hpp"

namespace distilbert {
namespace {

TaskLabels<float> labels_of(const TaskTrainingData& data,
                            std::span<const std::size_t> chosen,
                            bool regression,
                            const std::vector<std::size_t>& permutation) {
  if (regression) {
    Matrix<float> scores = make_matrix<float>(chosen.size(), 1);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      scores(i, 0) = data.examples[chosen[i]].score;
    }
    return scores;
  }
  std::vector<std::int32_t> labels;
  for (const std::size_t example : chosen) {
    const auto label = static_cast<std::size_t>(data.examples[example].label);
    labels.push_back(static_cast<std::int32_t>(permutation[label]));
  }
  return labels;
}

const Variable<float>& logits_of(const ModelOutput<float>& output) {
  return required_value(output.logits, "a model without a head");
}

void check_pair(const Model<float>& student,
                const Model<float>& teacher,
                const TaskDistillationWeights& weights) {
  if (student.config().labels != teacher.config().labels) {
    fail("student and teacher differ in their labels or the labels' order");
  }
  if (weights.cosine != 0 &&
      student.config().hidden_size != teacher.config().hidden_size) {
    fail(
        "the cosine loss compares hidden states of one size: the student's is "
        "{}, the teacher's {}",
        student.config().hidden_size, teacher.config().hidden_size);
  }
}

}  // namespace

BatchLoss<float> finetuning_loss(const Model<float>& model,
                                 const TaskTrainingData& data,
                                 bool regression,
                                 std::vector<std::size_t> permutation) {
  return
      [&model, &data, regression, permutation = std::move(permutation)](
          std::span<const std::size_t> chosen, const Context<float>& context) {
        const ModelOutput<float> output = model.forward(
            pack(data.encodings, chosen), context, HiddenStates::kRead);
        return task_loss(logits_of(output),
                         labels_of(data, chosen, regression, permutation));
      };
}

BatchLoss<float> distilling_loss(const Model<float>& student,
                                 const Model<float>& teacher,
                                 const TaskTrainingData& data,
                                 bool regression,
                                 std::vector<std::size_t> permutation,
                                 const TaskDistillationWeights& weights) {
  check_pair(student, teacher, weights);
  return [&student, &teacher, &data, regression,
          permutation = std::move(permutation), weights,
          // The cosine loss compares the hidden states of all tokens.
          read = weights.cosine == 0
                     ? HiddenStates::kRead
                     : HiddenStates::kLast](std::span<const std::size_t> chosen,
                                            const Context<float>& context) {
    const PackedBatch batch = pack(data.encodings, chosen);
    const ModelOutput<float> of_teacher = teacher.forward(batch, {}, read);
    const ModelOutput<float> of_student = student.forward(batch, context, read);
    return task_distillation_loss<float>(
        {logits_of(of_student), of_student.last_hidden_state(),
         logits_of(of_teacher).value(), of_teacher.last_hidden_state().value(),
         labels_of(data, chosen, regression, permutation)},
        weights);
  };
}

}  // namespace distilbert
