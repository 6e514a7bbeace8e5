#include "ch10_glue/task_description.hpp"
#include "ch10_glue/task_model.hpp"
#include "ch11_speed/fast_pieces.hpp"
#include "cli/command.hpp"
#include "cli/distillation_options.hpp"
#include "cli/task_run.hpp"

namespace distilbert::cli {
namespace {

struct DistillOptions {
  std::string teacher;
  std::string student;
  TaskDistillationWeights weights;
  TaskRunOptions run;
};

TrainingIdentity identity_of(const DistillOptions& options,
                             const ModelFolder& teacher,
                             const ModelFolder& student) {
  return joined({{{"command", "distill"}},
                 identity_of_model("teacher", teacher),
                 identity_of_model("student", student),
                 cli::identity_of(options.weights)});
}

void distill(const DistillOptions& options, Globals& globals) {
  const Task task = load_task(options.run.data.task);
  check_training_options(options.run.training);
  check_distillation_options(options.weights);
  const ModelFolder teacher_folder = find_model(options.teacher);
  const ModelFolder student_folder = find_model(options.student);
  check_same_vocabulary(teacher_folder, student_folder);
  const LoadedModel<float> teacher = load_task_model(
      task, teacher_folder, MissingHead::kRefuse, options.run.training.seed);
  use_fast_pieces(teacher, Precision::kFloat32);
  const LoadedModel<float> student =
      load_task_model(task, student_folder, MissingHead::kInitialize,
                      options.run.training.seed);
  note_initialized(student.report, *globals.progress);
  const auto loss = [&](const TaskTrainingData& data) {
    return distilling_loss(
        *student.model, *teacher.model, data, task, options.weights,
        watch_teacher(*globals.progress, data.examples.size()));
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
  add_distillation_options(command, options->weights);
  add_task_run_options(command, options->run);
  on_run<DistillOptions>(
      command, options,
      [&globals](const DistillOptions& given) { distill(given, globals); });
}

}  // namespace distilbert::cli
