#include <fmt/core.h>

#include <cstdint>
#include <utility>

#include "ch02_tokenizer/vocabulary.hpp"
#include "ch10_glue/task_model.hpp"
#include "cli/command.hpp"
#include "cli/task_run.hpp"
#include "common/error.hpp"

namespace distilbert::cli {
namespace {

struct DistillOptions {
  std::string teacher;
  std::string student;
  TaskDistillationWeights weights;
  TaskRunOptions run;
};

void check_weights(const TaskDistillationWeights& weights) {
  if (!(weights.temperature > 0)) {
    throw UsageError(fmt::format("--temperature {}: expected more than 0",
                                 weights.temperature));
  }
  if (!(weights.soft >= 0) || !(weights.hard >= 0) || !(weights.cosine >= 0) ||
      !(weights.soft + weights.hard + weights.cosine > 0)) {
    throw UsageError(
        "--alpha-soft, --alpha-hard and --alpha-cos: expected no "
        "negative weight, and one above 0");
  }
}

TrainingIdentity identity_of(const DistillOptions& options,
                             const ModelFolder& teacher,
                             const ModelFolder& student) {
  const TaskDistillationWeights& weights = options.weights;
  return {{"command", "distill"},
          {"teacher", identity_of_folder(teacher)},
          {"student", identity_of_folder(student)},
          {"temperature", fmt::format("{}", weights.temperature)},
          {"alpha-soft", fmt::format("{}", weights.soft)},
          {"alpha-hard", fmt::format("{}", weights.hard)},
          {"alpha-cos", fmt::format("{}", weights.cosine)}};
}

// The teacher reads the ids that the student's tokenizer makes.
void check_same_vocabulary(const ModelFolder& teacher,
                           const ModelFolder& student) {
  const Vocabulary ours = Vocabulary::from_file(student.vocabulary());
  const Vocabulary theirs = Vocabulary::from_file(teacher.vocabulary());
  bool same = ours.size() == theirs.size();
  for (std::int32_t id = 0; same && std::cmp_less(id, ours.size()); ++id) {
    same = ours.token(id) == theirs.token(id);
  }
  if (!same) {
    fail("{}: expected the teacher's vocabulary ({}), found another one",
         student.vocabulary().string(), teacher.vocabulary().string());
  }
}

void distill(const DistillOptions& options, Globals& globals) {
  const Task& task = find_task(options.run.data.task);
  check_training_options(options.run.training);
  check_weights(options.weights);
  const ModelFolder teacher_folder = find_model(options.teacher);
  const ModelFolder student_folder = find_model(options.student);
  check_same_vocabulary(teacher_folder, student_folder);
  const LoadedModel<float> teacher = load_task_model(
      task, teacher_folder, MissingHead::kRefuse, options.run.training.seed);
  const LoadedModel<float> student =
      load_task_model(task, student_folder, MissingHead::kInitialize,
                      options.run.training.seed);
  note_initialized(student.report, *globals.progress);
  const auto loss = [&](const TaskTrainingData& data) {
    return distilling_loss(
        *student.model, *teacher.model, data, task.regression,
        match_labels(task, student.model->config().labels), options.weights);
  };
  run_task(options.run,
           {task, student_folder, *student.model, loss,
            identity_of(options, teacher_folder, student_folder)},
           globals);
}

}  // namespace

void add_distill(CLI::App& program, Globals& globals) {
  CLI::App& command = *program.add_subcommand(
      "distill", "train a student on a task with the help of a teacher");
  const auto options = std::make_shared<DistillOptions>();
  command
      .add_option("--teacher", options->teacher,
                  "the teacher, fine-tuned on the task")
      ->required();
  command.add_option("--student", options->student, "the model to train")
      ->required();
  TaskDistillationWeights& weights = options->weights;
  const auto add = [&command](const char* name, double& value,
                              const char* help) {
    command.add_option(name, value, help)->capture_default_str();
  };
  add("--temperature", weights.temperature,
      "how much the soft labels are softened");
  add("--alpha-soft", weights.soft, "weight of the teacher's soft labels");
  add("--alpha-hard", weights.hard, "weight of the data's labels");
  add("--alpha-cos", weights.cosine,
      "weight of the cosine loss between last hidden states");
  add_task_run_options(command, options->run);
  on_run<DistillOptions>(
      command, options,
      [&globals](const DistillOptions& given) { distill(given, globals); });
}

}  // namespace distilbert::cli
