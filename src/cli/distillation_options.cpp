#include "cli/distillation_options.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <utility>

#include "ch02_tokenizer/vocabulary.hpp"
#include "common/error.hpp"
#include "common/interrupt.hpp"

namespace distilbert::cli {

std::vector<CLI::Option*> add_distillation_options(
    CLI::App& command, TaskDistillationWeights& weights) {
  const auto add = [&command](const char* name, double& value,
                              const char* help) {
    return command.add_option(name, value, help)->capture_default_str();
  };
  return {
      add("--temperature", weights.temperature,
          "how much the soft labels are softened"),
      add("--alpha-soft", weights.soft, "weight of the teacher's soft labels"),
      add("--alpha-hard", weights.hard, "weight of the data's labels"),
      add("--alpha-cos", weights.cosine,
          "weight of the cosine loss between last hidden states")};
}

void check_distillation_options(const TaskDistillationWeights& weights) {
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

TrainingIdentity identity_of(const TaskDistillationWeights& weights) {
  return {{"temperature", fmt::format("{}", weights.temperature)},
          {"alpha-soft", fmt::format("{}", weights.soft)},
          {"alpha-hard", fmt::format("{}", weights.hard)},
          {"alpha-cos", fmt::format("{}", weights.cosine)}};
}

std::function<void(std::size_t)> watch_teacher(Progress& progress,
                                               std::size_t rows,
                                               std::string name) {
  if (!name.empty()) {
    name += ", ";
  }
  return [&progress, rows, name = std::move(name)](std::size_t read) {
    progress.detail(
        fmt::format("{}the teacher has read {} of {}", name, read, rows));
    if (InterruptGuard::is_requested()) {
      fail("stopped while the teacher read; the same command goes on");
    }
  };
}

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

}  // namespace distilbert::cli
