#include "ch10_glue/task_training.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "ch10_glue/compute_logits.hpp"
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

struct TeacherAnswer {
  Matrix<float> logits;  ///< in the order of the student's labels
  Matrix<float> hidden;  ///< of all tokens; empty without a cosine loss
};

// What a teacher says of a task's examples. Logits are the same in every epoch,
// and so it is asked once for all of them; hidden states are too many to keep.
class AskedTeacher {
 public:
  AskedTeacher(const Model<float>& teacher,
               const Model<float>& student,
               const TaskTrainingData& data,
               const Task& task,
               const TaskDistillationWeights& weights,
               std::function<void(std::size_t)> read)
      : teacher_(teacher),
        data_(data),
        weights_(weights),
        from_(match_labels(task, teacher.config().labels)),
        to_(match_labels(task, student.config().labels)),
        read_(std::move(read)) {}

  TeacherAnswer answer(std::span<const std::size_t> chosen,
                       const PackedBatch& batch) {
    if (weights_.cosine != 0) {
      const ModelOutput<float> output =
          teacher_.forward(batch, {}, HiddenStates::kLast);
      return {reordered(logits_of(output).value(), from_, to_),
              output.last_hidden_state().value()};
    }
    Matrix<float> logits = make_matrix<float>(chosen.size(), to_.size());
    if (weights_.soft != 0) {
      const Matrix<float>& all = all_logits();
      for (std::size_t i = 0; i < chosen.size(); ++i) {
        std::ranges::copy(row(all, chosen[i]), row(logits, i).begin());
      }
    }
    return {std::move(logits), {}};
  }

 private:
  const Matrix<float>& all_logits() {
    constexpr std::size_t kBatchSize = 32;
    if (!all_logits_) {
      all_logits_ = reordered(
          compute_logits(teacher_, data_.encodings, kBatchSize, read_), from_,
          to_);
    }
    return *all_logits_;
  }

  const Model<float>& teacher_;
  const TaskTrainingData& data_;
  TaskDistillationWeights weights_;
  std::vector<std::size_t> from_;
  std::vector<std::size_t> to_;
  std::function<void(std::size_t)> read_;
  std::optional<Matrix<float>> all_logits_;
};

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

BatchLoss<float> distilling_loss(
    const Model<float>& student,
    const Model<float>& teacher,
    const TaskTrainingData& data,
    const Task& task,
    const TaskDistillationWeights& weights,
    const std::function<void(std::size_t)>& teacher_read) {
  check_distilled_pair(student.config(), teacher.config(), weights);
  const auto asked = std::make_shared<AskedTeacher>(
      teacher, student, data, task, weights, teacher_read);
  return
      [&student, &data, weights, asked, regression = task.regression,
       permutation = match_labels(task, student.config().labels)](
          std::span<const std::size_t> chosen, const Context<float>& context) {
        const PackedBatch batch = pack(data.encodings, chosen);
        const TeacherAnswer answer = asked->answer(chosen, batch);
        const ModelOutput<float> output = student.forward(
            batch, context,
            weights.cosine == 0 ? HiddenStates::kRead : HiddenStates::kLast);
        return task_distillation_loss<float>(
            {logits_of(output), output.last_hidden_state(), answer.logits,
             answer.hidden, labels_of(data, chosen, regression, permutation)},
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
