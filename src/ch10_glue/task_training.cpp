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

// A matrix whose column `to[i]` is column `from[i]` of the given one.
Matrix<float> reordered(const Matrix<float>& matrix,
                        std::span<const std::size_t> from,
                        std::span<const std::size_t> to) {
  Matrix<float> result = make_matrix<float>(rows(matrix), columns(matrix));
  for (std::size_t row = 0; row < rows(matrix); ++row) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      result(row, to[i]) = matrix(row, from[i]);
    }
  }
  return result;
}

}  // namespace

BatchLoss<float> finetuning_loss(const Model<float>& model,
                                 const TaskTrainingData& data,
                                 const Task& task) {
  return
      [&model, &data, regression = task.regression,
       permutation = match_labels(task, model.config().labels)](
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
                                 const Task& task,
                                 const TaskDistillationWeights& weights) {
  check_distilled_pair(student.config(), teacher.config(), weights);
  return
      [&student, &teacher, &data, weights, regression = task.regression,
       of_task = match_labels(task, student.config().labels),
       of_task_in_teacher = match_labels(task, teacher.config().labels),
       // The cosine loss compares the hidden states of all tokens.
       read = weights.cosine == 0 ? HiddenStates::kRead : HiddenStates::kLast](
          std::span<const std::size_t> chosen, const Context<float>& context) {
        const PackedBatch batch = pack(data.encodings, chosen);
        const ModelOutput<float> of_teacher = teacher.forward(batch, {}, read);
        const ModelOutput<float> of_student =
            student.forward(batch, context, read);
        const Matrix<float> teacher_logits = reordered(
            logits_of(of_teacher).value(), of_task_in_teacher, of_task);
        return task_distillation_loss<float>(
            {logits_of(of_student), of_student.last_hidden_state(),
             teacher_logits, of_teacher.last_hidden_state().value(),
             labels_of(data, chosen, regression, of_task)},
            weights);
      };
}

void check_distilled_pair(const ModelConfig& student,
                          const ModelConfig& teacher,
                          const TaskDistillationWeights& weights) {
  if (weights.cosine != 0 && student.hidden_size != teacher.hidden_size) {
    fail(
        "the cosine loss compares hidden states of one size: the student's is "
        "{}, the teacher's {}",
        student.hidden_size, teacher.hidden_size);
  }
}

}  // namespace distilbert
